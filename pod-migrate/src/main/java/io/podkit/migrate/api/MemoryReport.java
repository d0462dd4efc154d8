package io.podkit.migrate.api;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a pod's memory travelled, and why so.
 *
 * @param strategy the one that was taken, never {@link Strategy#AUTO}
 * @param strategyReason why it was taken
 * @param tracker what told the dirty pages: {@code wp-async}, {@code none}
 * @param trackerReason why that one
 * @param rounds every round, in order
 * @param decisions what was decided and why, in order
 * @param untracked memory whose changes could not be told, and that therefore travelled whole while
 *     the pod stood still
 * @param pages what became of every page that was looked at
 * @param traffic bytes before and after packing
 * @param peakSource most memory needed on the source on top of the pod's own, in bytes; empty if it
 *     was not measured
 * @param peakTarget the same on the target
 * @param verified whether all frozen pages were read again and found equal
 * @param fill how long the pod ran on the target before all its memory was mapped; null if nothing
 *     was left to map
 */
public record MemoryReport(
    Strategy strategy,
    String strategyReason,
    String tracker,
    String trackerReason,
    List<MemoryRound> rounds,
    List<Decided> decisions,
    List<Untracked> untracked,
    Pages pages,
    Traffic traffic,
    OptionalLong peakSource,
    OptionalLong peakTarget,
    boolean verified,
    @Nullable Duration fill) {
  public MemoryReport {
    rounds = List.copyOf(rounds);
    decisions = List.copyOf(decisions);
    untracked = List.copyOf(untracked);
  }

  /**
   * One decision.
   *
   * @param at when, since the migration began
   * @param decision what: at first a strategy's label, then {@code next-round}, {@code throttle},
   *     {@code freeze}, {@code post-copy} or {@code give-up}
   * @param reason why, in a sentence with numbers
   */
  public record Decided(Duration at, String decision, String reason) {}

  /**
   * Memory of one kind whose changes could not be told.
   *
   * @param what the kind: {@code hugetlb}
   * @param bytes how much of it there was
   * @param why what stood in the way
   */
  public record Untracked(String what, long bytes, String why) {}

  /**
   * Pages by what became of them, over all rounds and the frozen time.
   *
   * @param sent content was sent
   * @param zero only that it is zero was sent
   * @param referenced only which content it has was sent
   */
  public record Pages(long sent, long zero, long referenced) {}

  /**
   * What compression saved.
   *
   * @param raw bytes of page contents before packing
   * @param wire bytes that went over the wire for them
   */
  public record Traffic(long raw, long wire) {}
}
