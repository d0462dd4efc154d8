package io.podkit.cli.json;

import io.podkit.migrate.api.MemoryReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a pod's memory travelled.
 *
 * @param strategy stop-copy, pre-copy, post-copy or hybrid
 * @param strategyReason why it was taken
 * @param tracker what told the dirty pages
 * @param trackerReason why that one
 * @param rounds every round, in order
 * @param decisions what was decided and why, in order
 * @param untracked memory that travelled whole while the pod stood still
 * @param pagesSent pages whose content was sent
 * @param zeroPages pages of zeros
 * @param referencedPages pages whose content the target had
 * @param rawBytes bytes of page contents before packing
 * @param wireBytes bytes that went over the wire for them
 * @param peakSourceBytes most memory needed on the source on top of the pod's own
 * @param peakTargetBytes the same on the target
 * @param verified whether all frozen pages were read again and found equal
 * @param fillMs how long the pod ran on the target before all its memory was mapped
 */
public record MemoryJson(
    String strategy,
    String strategyReason,
    String tracker,
    String trackerReason,
    List<RoundJson> rounds,
    List<DecisionJson> decisions,
    List<UntrackedJson> untracked,
    long pagesSent,
    long zeroPages,
    long referencedPages,
    long rawBytes,
    long wireBytes,
    @Nullable Long peakSourceBytes,
    @Nullable Long peakTargetBytes,
    boolean verified,
    @Nullable Double fillMs) {

  /**
   * One decision.
   *
   * @param atMs when, since the migration began
   * @param decision next-round, throttle, freeze, post-copy or give-up
   * @param reason why
   */
  public record DecisionJson(double atMs, String decision, String reason) {
    static DecisionJson of(MemoryReport.Decided decided) {
      return new DecisionJson(Shapes.millis(decided.at()), decided.decision(), decided.reason());
    }
  }

  /**
   * Memory of one kind whose changes could not be told.
   *
   * @param what the kind
   * @param bytes how much
   * @param why what stood in the way
   */
  public record UntrackedJson(String what, long bytes, String why) {
    static UntrackedJson of(MemoryReport.Untracked untracked) {
      return new UntrackedJson(untracked.what(), untracked.bytes(), untracked.why());
    }
  }

  static MemoryJson of(MemoryReport memory) {
    return new MemoryJson(
        memory.strategy().label(),
        memory.strategyReason(),
        memory.tracker(),
        memory.trackerReason(),
        memory.rounds().stream().map(RoundJson::of).toList(),
        memory.decisions().stream().map(DecisionJson::of).toList(),
        memory.untracked().stream().map(UntrackedJson::of).toList(),
        memory.pages().sent(),
        memory.pages().zero(),
        memory.pages().referenced(),
        memory.traffic().raw(),
        memory.traffic().wire(),
        Shapes.orNull(memory.peakSource()),
        Shapes.orNull(memory.peakTarget()),
        memory.verified(),
        memory.fill() == null ? null : Shapes.millis(memory.fill()));
  }
}
