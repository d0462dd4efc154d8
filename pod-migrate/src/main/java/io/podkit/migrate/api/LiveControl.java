package io.podkit.migrate.api;

import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A migration that runs, perhaps in another process: what can be changed about it, and how far it
 * is. Thread-safe. Each method throws NOT_FOUND if it has ended meanwhile.
 */
public interface LiveControl {
  /**
   * Changes the downtime limit; the end of the running round is judged by it.
   *
   * @throws PodkitException CONFLICT if there are no rounds, or no more of them
   */
  void setDowntime(Duration limit) throws PodkitException;

  /** Changes the cap at once; empty takes it off. */
  void setBandwidth(OptionalLong bytesPerSecond) throws PodkitException;

  /**
   * Ends the rounds: the pod goes now, and the memory it has left behind follows it.
   *
   * @throws PodkitException CONFLICT if it goes another way, or has gone
   */
  void switchToPostCopy() throws PodkitException;

  /**
   * Gives the migration up: the pod runs on here.
   *
   * @throws PodkitException CONFLICT if it may belong to the target already
   */
  void cancel() throws PodkitException;

  LiveStatus status() throws PodkitException;
}
