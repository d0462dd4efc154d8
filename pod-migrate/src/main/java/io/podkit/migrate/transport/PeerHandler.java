package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;

/** What an agent does with those who call it. Called on many threads at once. */
@FunctionalInterface
public interface PeerHandler {

  /**
   * Holds one conversation to its end. Returning closes it in order; a PodkitException is told to
   * the peer, logged, and closes it.
   *
   * @param control the conversation; the caller closes it
   * @param gates where data connections of a migration are awaited
   */
  void converse(ControlChannel control, ChannelGates gates) throws PodkitException;
}
