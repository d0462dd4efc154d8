package io.podkit.migrate.api;

import io.podkit.core.api.PodName;
import io.podkit.core.api.VolumeFate;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a move of a pod would be like.
 *
 * @param pod the pod
 * @param target where it would go, null if it was looked at alone
 * @param memoryBytes page contents that would have to travel
 * @param tracker what told the dirty pages
 * @param trackerReason why that one
 * @param dirtied how much the pod dirtied in which time
 * @param linkBytesPerSecond what the link carries; empty without a target
 * @param blockers what is in the way; empty if it can move
 * @param volumes what would become of its volumes; empty without a target
 * @param predictions for each strategy that both hosts can do; empty without a target
 * @param impossible the strategies that they cannot, with the reason
 * @param auto what {@link Strategy#AUTO} would take; null without a target
 * @param autoReason why, or why nobody knows
 */
public record CheckReport(
    PodName pod,
    @Nullable String target,
    long memoryBytes,
    String tracker,
    String trackerReason,
    List<DirtyPoint> dirtied,
    OptionalLong linkBytesPerSecond,
    List<Blocker> blockers,
    List<VolumeFate> volumes,
    List<StrategyPrediction> predictions,
    List<Impossible> impossible,
    @Nullable Strategy auto,
    String autoReason) {
  public CheckReport {
    dirtied = List.copyOf(dirtied);
    blockers = List.copyOf(blockers);
    volumes = List.copyOf(volumes);
    predictions = List.copyOf(predictions);
    impossible = List.copyOf(impossible);
  }

  /** Whether nothing that was found is in the way. */
  public boolean movable() {
    return blockers.isEmpty();
  }

  /**
   * A strategy that is out of the question.
   *
   * @param strategy which
   * @param reason why
   */
  public record Impossible(Strategy strategy, String reason) {}
}
