package io.podkit.core.api;

import io.podkit.error.PodkitException;

/**
 * What a caller does while a pod stands still. An exception from any method makes the pod run on,
 * unharmed; a normal return from {@link #written} ends it on this host.
 *
 * <p>All are called on the thread that called {@link Departure#dump}.
 */
public interface FrozenSteps {
  /**
   * What the pod's clients notice begins: its network is about to be cut off, then it is stopped.
   */
  default void stopping() {}

  /**
   * No process of the pod runs any more and its network is cut off; CRIU is about to read its
   * memory.
   */
  void frozen() throws PodkitException;

  /**
   * Every image is complete. The verdict is taken here: return and the pod ends here, throw and it
   * runs on.
   */
  void written() throws PodkitException;
}
