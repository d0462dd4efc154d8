package io.podkit.migrate.memory.policy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How fast page contents travel.
 *
 * @param bytesPerSecond 0 if nothing was measured
 */
public record Throughput(double bytesPerSecond) {
  /** So much must have been carried for its rate to mean anything; less is mostly waiting. */
  private static final long ENOUGH = 4L << 20;

  /** Beyond all timeouts: "never" in sums that must not overflow. */
  static final Duration NEVER = Duration.ofDays(3650);

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  public Throughput {
    if (!(bytesPerSecond >= 0)) {
      throw new IllegalArgumentException("a throughput of " + bytesPerSecond);
    }
  }

  /** Over the latest rounds, as many as it takes to have carried enough; larger ones count more. */
  public static Throughput of(List<RoundStats> history) {
    long carried = 0;
    Duration took = Duration.ZERO;
    for (int i = history.size() - 1; i >= 0 && carried < ENOUGH; i--) {
      carried += history.get(i).contentBytes();
      took = took.plus(history.get(i).took());
    }
    return new Throughput(took.isZero() ? 0 : carried * NANOS / took.toNanos());
  }

  public boolean known() {
    return bytesPerSecond > 0;
  }

  /** How long so many bytes take: for ever at an unknown rate, unless there are none. */
  public Duration timeFor(long bytes) {
    if (bytes == 0) {
      return Duration.ZERO;
    }
    double seconds = known() ? bytes / bytesPerSecond : Double.POSITIVE_INFINITY;
    return seconds >= NEVER.toSeconds() ? NEVER : Duration.ofNanos(Math.round(seconds * NANOS));
  }
}
