package io.podkit.migrate.transport;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import org.jspecify.annotations.Nullable;

/** The connection to the peer is no more; what the peer did with the last message is not known. */
public final class PeerLostException extends PodkitException {
  private static final long serialVersionUID = 1L;

  private final boolean orderly;

  PeerLostException(String what, boolean orderly, @Nullable Throwable cause) {
    super(ErrorKind.PEER, what, null, cause);
    this.orderly = orderly;
  }

  /** The reason why a connection ended, told to one more thread: this with its own stack trace. */
  static PodkitException again(PodkitException reason) {
    return reason instanceof PeerLostException lost
        ? new PeerLostException(lost.what(), lost.orderly, lost)
        : reason;
  }

  /** Whether a failure is the loss of a connection, whatever was being done. */
  public static boolean isReasonOf(PodkitException failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof PeerLostException) {
        return true;
      }
    }
    return false;
  }

  /** Whether the peer ended the conversation between two messages, rather than falling silent. */
  public boolean orderly() {
    return orderly;
  }
}
