package io.podkit.core.api;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a pod may use at most; an empty value is no limit.
 *
 * @param memoryBytes resident memory and page cache charged to the pod, in bytes
 * @param cpus processor time per wall time: 1.5 is one and a half cores
 * @param pids number of processes and threads
 */
public record ResourceLimits(OptionalLong memoryBytes, OptionalDouble cpus, OptionalLong pids) {
  public static final ResourceLimits NONE =
      new ResourceLimits(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.empty());

  public ResourceLimits {
    if (memoryBytes.isPresent() && memoryBytes.getAsLong() < 1 << 20) {
      throw new IllegalArgumentException("a memory limit below 1 MiB starts no process");
    }
    if (cpus.isPresent() && cpus.getAsDouble() < 0.01) {
      throw new IllegalArgumentException("a CPU limit below 0.01 cores starts no process");
    }
    if (pids.isPresent() && pids.getAsLong() < 2) {
      throw new IllegalArgumentException("a pod needs at least 2 pids: pod-init and its command");
    }
  }
}
