package io.podkit.core.cgroup;

import io.podkit.core.api.CpuThrottle;
import io.podkit.core.api.ResourceLimits;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * A {@link CpuThrottle} by the cgroup's CPU quota.
 *
 * <p>What a percentage is of: the processors the pod kept busy between the making of this object
 * and its first use, and not more than its limit or all processors. A quarter of sixteen processors
 * would not slow down a program of one thread. Not thread-safe.
 */
public final class QuotaThrottle implements CpuThrottle {
  /** A shorter time says nothing about how busy a pod is. */
  private static final Duration ENOUGH = Duration.ofMillis(100);

  /** The kernel takes no quota below 1 ms in 100; a pod that was idle is left some life. */
  private static final double LEAST_CPUS = 0.05;

  private final PodCgroup cgroup;
  private final ResourceLimits limits;
  private final double allowed;
  private final LongSupplier nanoClock;
  private final long began;
  private final Duration usedAtFirst;
  private double base;

  /**
   * Begins to measure.
   *
   * @param limits the pod's own
   * @param processors of this host
   */
  public QuotaThrottle(
      PodCgroup cgroup, ResourceLimits limits, int processors, LongSupplier nanoClock)
      throws PodkitException {
    this.cgroup = cgroup;
    this.limits = limits;
    this.nanoClock = nanoClock;
    allowed = Math.min(processors, limits.cpus().orElse(processors));
    began = nanoClock.getAsLong();
    usedAtFirst = cgroup.cpuTime();
  }

  @Override
  public void apply(int percent) throws PodkitException {
    if (percent < 1 || percent > 100) {
      throw new IllegalArgumentException("a throttle of " + percent + " %");
    }
    if (base == 0) {
      base = measure();
    }
    cgroup.quota(OptionalDouble.of(Math.max(LEAST_CPUS, base * percent / 100)));
  }

  private double measure() throws PodkitException {
    long wall = nanoClock.getAsLong() - began;
    if (wall < ENOUGH.toNanos()) {
      return allowed;
    }
    double busy = (double) cgroup.cpuTime().minus(usedAtFirst).toNanos() / wall;
    return Math.min(allowed, Math.max(LEAST_CPUS, busy));
  }

  @Override
  public void remove() throws PodkitException {
    cgroup.quota(limits.cpus());
  }
}
