package io.podkit.cli.console;

import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.MemoryRound;
import java.time.Duration;

/** Rounds of memory as people read them. */
final class RoundText {
  private RoundText() {}

  /** {@code 3: 45.0 MiB in 1.2 s, 12.0 MiB dirty (10.0 MiB/s), link 200.0 MiB/s}. */
  static String of(MemoryRound round) {
    return round.number()
        + ": "
        + Human.bytes(round.bytesSent())
        + " in "
        + Human.duration(round.took())
        + ", "
        + Human.bytes(round.dirtyBytes())
        + " dirty ("
        + Human.rate(round.dirtyBytesPerSecond())
        + "), link "
        + Human.rate(round.throughputBytesPerSecond());
  }

  /** {@code round 4, dirtied 10.0 MiB/s, link 200.0 MiB/s, pause 120 ms, 2.1 s left}. */
  static String live(MemoryRound last, Estimate estimate) {
    return "round "
        + (last.number() + 1)
        + ", dirtied "
        + Human.rate(last.dirtyBytesPerSecond())
        + ", link "
        + Human.rate(last.throughputBytesPerSecond())
        + ", "
        + of(estimate);
  }

  /** {@code pause 120 ms, 2.1 s left}. */
  static String of(Estimate estimate) {
    Duration left = estimate.timeLeft();
    return "pause "
        + Human.duration(estimate.expectedPause())
        + (left == null ? "" : ", " + Human.duration(left) + " left");
  }
}
