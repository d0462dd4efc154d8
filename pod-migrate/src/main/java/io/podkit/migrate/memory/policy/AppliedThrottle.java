package io.podkit.migrate.memory.policy;

import io.podkit.core.api.CpuThrottle;
import io.podkit.error.PodkitException;

/**
 * A throttle that is certainly taken off: whatever was applied, or failed halfway, is removed when
 * this is closed, and a removal that fails is tried once more. It only ever gets tighter. Not
 * thread-safe.
 */
public final class AppliedThrottle implements AutoCloseable {
  /** What a pod gets that is not throttled. */
  public static final int NONE = 100;

  private final CpuThrottle throttle;
  private int percent = NONE;
  private boolean touched;

  /** Nothing is applied yet. */
  public AppliedThrottle(CpuThrottle throttle) {
    this.throttle = throttle;
  }

  /**
   * Slows the pod down to so much of the processor time it used.
   *
   * @throws IllegalArgumentException if that is more than it has now
   */
  public void apply(int newPercent) throws PodkitException {
    if (newPercent < 1 || newPercent >= percent) {
      throw new IllegalArgumentException(
          "a throttle gets tighter: from " + percent + " % not to " + newPercent + " %");
    }
    touched = true; // before: a write that fails may have been done all the same
    throttle.apply(newPercent);
    percent = newPercent;
  }

  /** What the pod gets now: the value for the next {@link RoundStats}. */
  public int percent() {
    return percent;
  }

  /** Takes it off; nothing happens if there is none. */
  @Override
  public void close() throws PodkitException {
    if (!touched) {
      return;
    }
    try {
      throttle.remove();
    } catch (PodkitException first) {
      try {
        throttle.remove();
      } catch (PodkitException second) {
        first.addSuppressed(second);
        throw first;
      }
    }
    touched = false;
    percent = NONE;
  }
}
