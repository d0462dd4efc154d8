package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.util.List;

/** The processes of a pod, for whoever moves their memory. */
public interface PodProcesses {
  /** Those there are now. While the pod runs some may have ended, and others come, on return. */
  List<PodProcess> list() throws PodkitException;

  /**
   * Whether {@link #stop} may be used: the freezer of cgroup v2 is there, which stops whatever a
   * process is doing.
   */
  boolean canStop();

  /**
   * Stops all of them for a moment; returns when they stand still. Whoever stops them lets them go
   * on, on every way out; after a crash recovery does.
   */
  void stop() throws PodkitException;

  /** Lets them go on. */
  void resume() throws PodkitException;

  /** Processor time all of them used so far, in nanoseconds. */
  long cpuNanos() throws PodkitException;
}
