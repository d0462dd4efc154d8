package io.podkit.migrate.api;

import java.time.Duration;

/**
 * How a migration by one strategy would go.
 *
 * @param strategy which, not AUTO
 * @param rounds rounds while the pod runs
 * @param pause how long it would stand still
 * @param total until all of it is on the target
 * @param withinLimits whether the downtime limit, where it applies, and the timeout would be kept
 * @param reason what ends the rounds, or what the strategy costs, in a sentence
 */
public record StrategyPrediction(
    Strategy strategy,
    int rounds,
    Duration pause,
    Duration total,
    boolean withinLimits,
    String reason) {}
