package io.podkit.migrate.api;

import java.time.Duration;

/**
 * How much memory a pod dirtied in a time.
 *
 * @param interval the time
 * @param bytes pages written to in it, each once, in bytes
 */
public record DirtyPoint(Duration interval, long bytes) {
  public DirtyPoint {
    if (interval.isNegative() || bytes < 0) {
      throw new IllegalArgumentException("less than nothing was dirtied");
    }
  }
}
