package io.podkit.migrate.memory.policy;

import io.podkit.migrate.api.Strategy;
import java.time.Duration;

/**
 * What decisions have to keep to.
 *
 * @param strategy the one that was chosen, not AUTO
 * @param downtime longest time that the last dirty pages may take to travel
 * @param fixedCost freezing, CRIU's metadata and restoring: what comes on top of it, whatever the
 *     rounds do
 * @param maxRounds most rounds
 * @param timeLeft until the migration's timeout; negative once it has passed
 * @param autoConverge whether the pod may be slowed down
 */
public record Limits(
    Strategy strategy,
    Duration downtime,
    Duration fixedCost,
    int maxRounds,
    Duration timeLeft,
    boolean autoConverge) {
  /** Freezing, CRIU's metadata, restoring: measured on small pods. */
  public static final Duration SMALL_PODS_COST = Duration.ofMillis(250);

  public Limits {
    if (strategy == Strategy.AUTO) {
      throw new IllegalArgumentException("auto is a wish: a strategy has to be chosen first");
    }
  }
}
