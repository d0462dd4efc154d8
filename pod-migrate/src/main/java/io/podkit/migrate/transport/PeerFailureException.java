package io.podkit.migrate.transport;

import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Session.Failure;

/** The peer tried and says why it could not; the connection lives on. */
public final class PeerFailureException extends PodkitException {
  private static final long serialVersionUID = 1L;

  PeerFailureException(Peer peer, Failure failure) {
    super(
        failure.errorKind(),
        peer + ": " + failure.what(),
        failure.hint().isBlank() ? null : new Hint(failure.hint()),
        null);
  }
}
