package io.podkit.migrate.api;

import io.podkit.core.api.PodName;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a running migration is.
 *
 * @param migration its id
 * @param pod the pod that moves
 * @param target where it goes
 * @param strategy how its memory travels; AUTO until that is chosen
 * @param phase what is being done
 * @param elapsed since it began
 * @param bytesSent in all phases
 * @param downtimeLimit in force now
 * @param bandwidth most bytes a second, in force now; empty for no cap
 * @param postCopyWanted whether it was told to switch to post-copy
 * @param round the last finished round, null before there is one
 * @param estimate what was expected after that round
 */
public record LiveStatus(
    String migration,
    PodName pod,
    String target,
    Strategy strategy,
    MigrationPhase phase,
    Duration elapsed,
    long bytesSent,
    Duration downtimeLimit,
    OptionalLong bandwidth,
    boolean postCopyWanted,
    @Nullable MemoryRound round,
    @Nullable Estimate estimate) {}
