package io.podkit.core.api;

import io.podkit.error.PodkitException;

/**
 * Slows a running pod down, so that it writes less. The pod's limits come back with {@link
 * #remove}, when a {@link Departure} is closed or its dump begins, and with {@code pod recover}.
 */
public interface CpuThrottle {
  /**
   * Lets the pod use only a part of the processor time it used while nothing was applied, or of its
   * limit if that is less.
   *
   * @param percent 1 to 100
   */
  void apply(int percent) throws PodkitException;

  /** Lets it use all that its limits allow; no error if nothing was applied. */
  void remove() throws PodkitException;
}
