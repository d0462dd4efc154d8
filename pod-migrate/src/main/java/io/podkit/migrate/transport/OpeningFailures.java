package io.podkit.migrate.transport;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.pki.HostIdentity;
import io.podkit.migrate.pki.PkiHints;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Puts the JDK's reasons why a connection did not come about into the user's words. */
final class OpeningFailures {

  private OpeningFailures() {}

  /**
   * A failure to reach an agent or to agree with it.
   *
   * @param peer how the user calls it: host, or host and port
   */
  static PodkitException describe(String peer, String host, HostIdentity own, IOException e) {
    String cannot = "cannot connect to " + peer + ": ";
    if (e instanceof UnknownHostException) {
      return failure(cannot + "no host of that name is known", TransportHints.NAME, e);
    }
    if (e instanceof ConnectException) {
      return failure(cannot + "nothing listens there", TransportHints.startAgent(host), e);
    }
    if (e instanceof SocketTimeoutException) {
      return failure(cannot + "no answer in time", TransportHints.NO_ROUTE, e);
    }
    if (e instanceof ClosedByInterruptException || e instanceof InterruptedIOException) {
      return new PodkitException(ErrorKind.CANCELLED, cannot + "cancelled", null, e);
    }
    if (e instanceof SSLException tls) {
      return tls(cannot, host, own, tls);
    }
    if (e instanceof EOFException) {
      return failure(cannot + "it closed the connection", TransportHints.CLOSED, e);
    }
    return failure(cannot + e.getMessage(), TransportHints.NO_ROUTE, e);
  }

  private static PodkitException tls(String cannot, String host, HostIdentity own, SSLException e) {
    if (causedBy(e, CertificateExpiredException.class) != null) {
      return failure(
          cannot + "the certificate of " + host + " has expired", PkiHints.renew(host), e);
    }
    if (causedBy(e, CertificateNotYetValidException.class) != null) {
      return failure(
          cannot + "the certificate of " + host + " is not valid yet", PkiHints.renew(host), e);
    }
    if (causedBy(e, CertPathValidatorException.class) != null
        || causedBy(e, CertificateException.class) != null) {
      return failure(
          cannot
              + "the certificate of "
              + host
              + " was not issued by the authority this host trusts",
          TransportHints.authority(host, own.authority()),
          e);
    }
    String alert = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    // Not every JDK says certificate_expired where it means it.
    if (alert.contains("certificate_expired")
        || (alert.contains("certificate") && Instant.now().isAfter(own.notAfter()))) {
      return failure(
          cannot + host + " says that this host's certificate has expired",
          PkiHints.renew(own.name().host().value()),
          e);
    }
    if (alert.contains("certificate") || alert.contains("unknown_ca")) {
      return failure(
          cannot + host + " does not accept this host's certificate",
          TransportHints.OUR_CERTIFICATE,
          e);
    }
    return failure(cannot + "no TLS 1.3: " + e.getMessage(), TransportHints.NOT_TLS, e);
  }

  private static <T extends Throwable> @Nullable T causedBy(Throwable e, Class<T> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  private static PodkitException failure(String what, Hint hint, Exception cause) {
    return new PodkitException(ErrorKind.PEER, what, hint, cause);
  }
}
