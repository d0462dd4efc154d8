package io.podkit.migrate.api;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a user says about how memory is to travel.
 *
 * @param strategy how it gets to the target
 * @param downtimeLimit longest time that the last dirty pages may take to travel while the pod
 *     stands still. Freezing and restoring come on top: their cost does not depend on memory and no
 *     round brings it down.
 * @param maxRounds most rounds while the pod runs. Each round makes every page the pod then writes
 *     cost one fault more, so few and long ones are best; a dirty set that shrinks by a third each
 *     time is at one percent after twelve.
 * @param autoConverge whether a pod that dirties memory faster than it travels is slowed down
 * @param channels data channels for memory, empty for as many as measurement says
 * @param compression how pages are packed
 * @param verify whether all frozen pages are read again and compared before the target owns the pod
 */
public record MemoryOptions(
    Strategy strategy,
    Duration downtimeLimit,
    int maxRounds,
    boolean autoConverge,
    OptionalInt channels,
    Compression compression,
    boolean verify) {
  public static final Duration DEFAULT_DOWNTIME_LIMIT = Duration.ofMillis(200);
  public static final int DEFAULT_MAX_ROUNDS = 12;
  public static final int MOST_ROUNDS = 1000;
  public static final int MOST_CHANNELS = 63; // one of the protocol's 64 carries files

  private static final Duration LONGEST_LIMIT = Duration.ofHours(1);

  /** What holds when nobody says anything. */
  public static final MemoryOptions DEFAULT =
      new MemoryOptions(
          Strategy.AUTO,
          DEFAULT_DOWNTIME_LIMIT,
          DEFAULT_MAX_ROUNDS,
          false,
          OptionalInt.empty(),
          Compression.AUTO,
          false);

  public MemoryOptions {
    checkDowntime(downtimeLimit);
    if (maxRounds < 1 || maxRounds > MOST_ROUNDS) {
      throw new IllegalArgumentException(
          maxRounds + " rounds are none of 1 to " + MOST_ROUNDS + "; for none take stop-copy");
    }
    if (channels.isPresent() && (channels.getAsInt() < 1 || channels.getAsInt() > MOST_CHANNELS)) {
      throw new IllegalArgumentException(
          channels.getAsInt() + " channels for memory are none of 1 to " + MOST_CHANNELS);
    }
    if (verify && strategy.leavesMemoryBehind()) {
      throw new IllegalArgumentException(
          "nothing can be verified before the pod runs that follows it: "
              + strategy.label()
              + " lets memory follow; each page that does has a checksum");
    }
    if (autoConverge && !mayHaveRounds(strategy)) {
      throw new IllegalArgumentException(
          "auto-converge slows the pod down for the rounds to catch up: "
              + strategy.label()
              + " has no rounds");
    }
  }

  /** Refuses a downtime limit that is none. */
  public static void checkDowntime(Duration limit) {
    if (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST_LIMIT) > 0) {
      throw new IllegalArgumentException("a downtime limit is above zero and at most an hour");
    }
  }

  /**
   * The same with another strategy; without auto-converge if that has no rounds, without verifying
   * if it lets memory follow.
   */
  public MemoryOptions with(Strategy other) {
    return new MemoryOptions(
        other,
        downtimeLimit,
        maxRounds,
        autoConverge && mayHaveRounds(other),
        channels,
        compression,
        verify && !other.leavesMemoryBehind());
  }

  private static boolean mayHaveRounds(Strategy strategy) {
    return strategy == Strategy.AUTO || strategy.hasRounds();
  }
}
