package io.podkit.core.api;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a checkpoint cost.
 *
 * @param pod the pod
 * @param location the directory or archive it was written to
 * @param frozen how long the pod did not run
 * @param total from the call to the finished files
 * @param bytes size of what was written, in bytes
 */
public record CheckpointReport(
    PodName pod, Path location, Duration frozen, Duration total, long bytes) {}
