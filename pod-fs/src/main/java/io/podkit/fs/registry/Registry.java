package io.podkit.fs.registry;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.registry.RegistryClient;
import com.google.cloud.tools.jib.registry.credentials.DockerConfigCredentialRetriever;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.PullRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to a registry, on behalf of one image. Closing it ends the connections. */
public final class Registry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

  private final FailoverHttpClient http;
  private final RegistryClient client;
  private final ImageReference reference;
  private final String what;

  private Registry(
      FailoverHttpClient http, RegistryClient client, ImageReference reference, String what) {
    this.http = http;
    this.client = client;
    this.reference = reference;
    this.what = what;
  }

  /**
   * Knows where the image is, and has told who we are there.
   *
   * @throws PodkitException USAGE if the reference is malformed, PEER if the registry cannot be
   *     reached, REFUSED if it cannot prove who it is, or does not know us
   */
  public static Registry open(PullRequest request) throws PodkitException {
    ImageReference reference;
    try {
      reference = ImageReference.parse(request.reference());
    } catch (InvalidImageReferenceException e) {
      throw PodkitException.usage(
          "'"
              + request.reference()
              + "' is no image of a registry: write [REGISTRY[:PORT]/]REPOSITORY[:TAG|@DIGEST]");
    }
    String what = "pull " + request.reference();
    try {
      Reach.require(reference.getRegistry(), !request.insecure());
    } catch (IOException e) {
      throw RegistryFailures.of(what, e);
    }
    // Who accepts a connection without certificate has to accept that the password is seen.
    FailoverHttpClient http =
        new FailoverHttpClient(
            request.insecure(), request.insecure(), event -> LOG.debug(event.getMessage()));
    RegistryClient.Factory factory =
        RegistryClient.factory(
            EventHandlers.NONE, reference.getRegistry(), reference.getRepository(), http);
    Credential credential = credential(request.access(), reference.getRegistry());
    if (credential != null) {
      factory.setCredential(credential);
    }
    factory.setUserAgent("podkit");
    return new Registry(http, factory.newRegistryClient(), reference, what)
        .identified(credential != null);
  }

  /** Gets a token where the registry wants one. */
  private Registry identified(boolean known) throws PodkitException {
    try {
      if (!client.doPullBearerAuth() && known) {
        client.configureBasicAuth();
      }
      return this;
    } catch (IOException | RegistryException e) {
      PodkitException failure = RegistryFailures.of(what, e);
      try {
        close();
      } catch (PodkitException more) {
        failure.addSuppressed(more);
      }
      throw failure;
    }
  }

  private static @Nullable Credential credential(PullRequest.Access access, String registry)
      throws PodkitException {
    if (access.user() != null) {
      return Credential.from(access.user(), access.password());
    }
    for (Path file : access.files()) {
      if (!Files.exists(file)) {
        continue;
      }
      try {
        Optional<Credential> found =
            DockerConfigCredentialRetriever.create(registry, file)
                .retrieve(event -> LOG.debug(event.getMessage()));
        if (found.isPresent()) {
          return found.get();
        }
      } catch (IOException e) {
        throw PodkitException.io("cannot read " + file, e);
      }
    }
    return null;
  }

  /** Reads what the image is made of. */
  public RemoteImage image() throws PodkitException {
    return RemoteImage.read(what, client, reference.getQualifier());
  }

  @Override
  public void close() throws PodkitException {
    try {
      http.shutDown();
    } catch (IOException e) {
      throw PodkitException.io("cannot end the connection to " + reference.getRegistry(), e);
    }
  }
}
