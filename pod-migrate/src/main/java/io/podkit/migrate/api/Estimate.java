package io.podkit.migrate.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of a migration, from what was measured so far.
 *
 * @param expectedPause how long the pod would stand still were it frozen now: the last dirty pages,
 *     and freezing and restoring
 * @param timeLeft until it runs on the target; null if nobody can tell yet
 */
public record Estimate(Duration expectedPause, @Nullable Duration timeLeft) {}
