package io.podkit.migrate.memory.policy;

import java.time.Duration;

/**
 * What one finished round measured.
 *
 * @param contentBytes page contents that were carried, before compression; zero pages and
 *     references are not among them
 * @param took how long it lasted
 * @param dirtyBytes what the pod had dirtied again at its end, in bytes
 * @param throttlePercent processor time the pod was allowed during it: 100 is all it uses
 */
public record RoundStats(long contentBytes, Duration took, long dirtyBytes, int throttlePercent) {
  public RoundStats {
    if (contentBytes < 0 || dirtyBytes < 0 || took.isNegative()) {
      throw new IllegalArgumentException("a round of less than nothing");
    }
    if (throttlePercent < 1 || throttlePercent > 100) {
      throw new IllegalArgumentException("a throttle of " + throttlePercent + " %");
    }
  }
}
