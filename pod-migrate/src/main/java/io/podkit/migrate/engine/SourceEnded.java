package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.migrate.transport.PeerLostException;

/** Tells the proper end of a channel from its loss. */
final class SourceEnded {
  private SourceEnded() {}

  static boolean orderly(PodkitException e) {
    return e instanceof PeerLostException lost && lost.orderly();
  }
}
