package io.podkit.cli.json;

import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.LiveStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code pod migration status}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param migration its id
 * @param pod the pod that moves
 * @param target where it goes
 * @param strategy how its memory travels; auto until that is chosen
 * @param phase what is being done, named as in {@link MigrationJson.PhaseJson}
 * @param elapsedMs since it began
 * @param bytesSent in all phases
 * @param downtimeLimitMs in force now
 * @param bandwidth most bytes a second, in force now
 * @param postCopyWanted whether it was told to switch to post-copy
 * @param round the last finished round
 * @param expectedPauseMs what was expected after that round
 * @param timeLeftMs what was expected after that round
 */
public record LiveStatusJson(
    int schemaVersion,
    String migration,
    String pod,
    String target,
    String strategy,
    String phase,
    double elapsedMs,
    long bytesSent,
    double downtimeLimitMs,
    @Nullable Long bandwidth,
    boolean postCopyWanted,
    @Nullable RoundJson round,
    @Nullable Double expectedPauseMs,
    @Nullable Double timeLeftMs) {

  public static LiveStatusJson of(LiveStatus status) {
    Estimate estimate = status.estimate();
    return new LiveStatusJson(
        Shapes.SCHEMA_VERSION,
        status.migration(),
        status.pod().value(),
        status.target(),
        status.strategy().label(),
        Shapes.name(status.phase()),
        Shapes.millis(status.elapsed()),
        status.bytesSent(),
        Shapes.millis(status.downtimeLimit()),
        Shapes.orNull(status.bandwidth()),
        status.postCopyWanted(),
        status.round() == null ? null : RoundJson.of(status.round()),
        estimate == null ? null : Shapes.millis(estimate.expectedPause()),
        estimate == null ? null : millis(estimate.timeLeft()));
  }

  private static @Nullable Double millis(@Nullable Duration duration) {
    return duration == null ? null : Shapes.millis(duration);
  }
}
