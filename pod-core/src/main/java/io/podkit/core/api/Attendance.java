package io.podkit.core.api;

import io.podkit.error.PodkitException;

/**
 * A process's promise to see to the end of a pod, instead of the pod's monitor. Not thread-safe.
 */
public interface Attendance extends AutoCloseable {
  /** Keeps the promise: as {@link Pods#settle}, and the monitor has nothing left to do. */
  void settle() throws PodkitException;

  /** Ends the promise: what has not been settled by now is for the monitor to settle. */
  @Override
  void close() throws PodkitException;
}
