package io.podkit.cli.json;

import io.podkit.core.api.CheckpointReport;

/**
 * The result of {@code pod checkpoint}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param name the pod
 * @param location directory or archive it was written to
 * @param frozenMs how long the pod did not run, in milliseconds
 * @param totalMs from the call to the finished files, in milliseconds
 * @param sizeBytes size of what was written, in bytes
 */
public record CheckpointJson(
    int schemaVersion,
    String name,
    String location,
    double frozenMs,
    double totalMs,
    long sizeBytes) {
  public static CheckpointJson of(CheckpointReport report) {
    return new CheckpointJson(
        Shapes.SCHEMA_VERSION,
        report.pod().value(),
        report.location().toString(),
        Shapes.millis(report.frozen()),
        Shapes.millis(report.total()),
        report.bytes());
  }
}
