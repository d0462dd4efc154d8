package io.podkit.cli.json;

import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.PodMove;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code pod host evacuate}, and with {@code --dry-run} its plan.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param id of the evacuation; null for a plan
 * @param host the host that is emptied
 * @param purpose evacuate or bring_back
 * @param state planned, running, interrupted, done, left, cancelled or timed_out
 * @param empty whether none of the pods that were meant runs there any more
 * @param began when; null for a plan
 * @param elapsedMs from its begin to its end, or to now
 * @param pods the first to go first
 */
public record EvacuationJson(
    int schemaVersion,
    @Nullable String id,
    String host,
    String purpose,
    String state,
    boolean empty,
    @Nullable String began,
    double elapsedMs,
    List<PodMoveJson> pods) {

  /**
   * One pod.
   *
   * @param pod its name
   * @param step waiting, moving, moved, left or stays
   * @param target where it goes or went
   * @param phase the running phase of its migration
   * @param round the last finished round of its memory
   * @param pauseMs how long it stood still
   * @param totalMs how long its move took
   * @param attempts moves that were begun
   * @param reason why it goes there, or does not go
   * @param cure what to do so that it goes
   * @param rejected hosts that cannot take it, each with its reason
   */
  public record PodMoveJson(
      String pod,
      String step,
      @Nullable String target,
      @Nullable String phase,
      @Nullable Integer round,
      @Nullable Double pauseMs,
      @Nullable Double totalMs,
      int attempts,
      String reason,
      @Nullable String cure,
      List<String> rejected) {
    private static PodMoveJson of(PodMove move) {
      return new PodMoveJson(
          move.pod(),
          Shapes.name(move.step()),
          text(move.target()),
          text(move.phase()),
          move.round() == 0 ? null : move.round(),
          move.pauseMs() < 0 ? null : move.pauseMs(),
          move.totalMs() < 0 ? null : move.totalMs(),
          move.attempts(),
          move.reason(),
          text(move.cure()),
          move.rejected());
    }
  }

  public static EvacuationJson of(EvacuationStatus status) {
    boolean plan = status.state() == EvacuationStatus.State.PLANNED;
    return new EvacuationJson(
        Shapes.SCHEMA_VERSION,
        text(status.id()),
        status.host(),
        Shapes.name(status.purpose()),
        Shapes.name(status.state()),
        status.state() == EvacuationStatus.State.DONE,
        plan ? null : text(status.began()),
        status.elapsedMs(),
        status.pods().stream().map(PodMoveJson::of).toList());
  }

  private static @Nullable String text(String text) {
    return text.isEmpty() ? null : text;
  }
}
