package io.podkit.fs.registry;

import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.registry.RegistryCredentialsNotSentException;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong at a registry, in words for users. */
final class RegistryFailures {
  private static final Hint LOG_IN =
      new Hint("say who you are: --creds USER:PASSWORD, or log in with podman and give --authfile");
  private static final Hint NO_TLS =
      new Hint("if it is meant to have no certificate that we can verify: --tls-verify=false");
  private static final Hint REACH = new Hint("check its name, its port and the way to it");
  private static final Hint AGAIN =
      new Hint("try again: layers that have come are kept and not fetched again");

  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  private RegistryFailures() {}

  /**
   * The failure for a user.
   *
   * @param what what was being done: "pull localhost:5000/web:v1"
   */
  static PodkitException of(String what, Exception e) {
    if (e instanceof RegistryUnauthorizedException
        || e instanceof RegistryCredentialsNotSentException) {
      return failure(ErrorKind.REFUSED, what, "the registry does not let us read it", LOG_IN, e);
    }
    ResponseException response = cause(e, ResponseException.class);
    if (response != null && response.getStatusCode() == NOT_FOUND) {
      return failure(ErrorKind.NOT_FOUND, what, "the registry has no such image or tag", REACH, e);
    }
    if (response != null && response.getStatusCode() == TOO_MANY) {
      return failure(ErrorKind.PEER, what, "the registry wants us to wait", LOG_IN, e);
    }
    if (e instanceof InsecureRegistryException || cause(e, SSLException.class) != null) {
      return failure(
          ErrorKind.REFUSED, what, "it cannot be verified: " + e.getMessage(), NO_TLS, e);
    }
    if (cause(e, UnknownHostException.class) != null
        || cause(e, ConnectException.class) != null
        || cause(e, SocketTimeoutException.class) != null) {
      return failure(ErrorKind.PEER, what, "the registry cannot be reached: " + e, REACH, e);
    }
    String said = e instanceof RegistryException ? String.valueOf(e.getMessage()) : e.toString();
    return failure(
        ErrorKind.PEER, what, "the connection to the registry failed: " + said, AGAIN, e);
  }

  private static PodkitException failure(
      ErrorKind kind, String what, String why, Hint hint, Exception cause) {
    return new PodkitException(
        kind, "cannot " + what + ": " + why.replaceAll("\\p{Cntrl}", " "), hint, cause);
  }

  private static <T> @Nullable T cause(Throwable e, Class<T> type) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }
}
