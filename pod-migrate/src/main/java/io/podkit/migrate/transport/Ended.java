package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;

/** The reason why a connection ended, told to several threads. */
final class Ended {

  private Ended() {}

  /** The same reason with the stack trace of the calling thread. */
  static PodkitException again(PodkitException reason) {
    return reason instanceof PeerLostException lost
        ? lost.again()
        : new PodkitException(reason.kind(), reason.what(), reason.hint(), reason);
  }
}
