package io.podkit.cli.json;

import io.podkit.migrate.api.MigrationReport;
import io.podkit.migrate.api.TargetEngine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code pod migrate}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param migration its id
 * @param pod the pod that moved
 * @param target where it went
 * @param engine whose it is there: pod or podman
 * @param strategy how its memory went
 * @param dryRun whether it stopped after the preflight
 * @param phases each phase that ran, in order; their times add up to the total
 * @param frozenMs from the last instruction on the source to the first on the target, in
 *     milliseconds; null for a dry run
 * @param totalMs from the request to the end, in milliseconds
 * @param layerBytes bytes of layers sent
 * @param fileBytes bytes of the pod's own files sent
 * @param filePasses every pass over the pod's own files, in order
 * @param memoryBytes bytes of memory and process state sent
 * @param bytesSent the sum of the three
 * @param bytesPerSecond over the whole migration
 * @param volumes what became of the pod's volumes, or would
 * @param memory how the memory travelled; null for a dry run, and where nothing but CRIU saw it
 */
public record MigrationJson(
    int schemaVersion,
    String migration,
    String pod,
    String target,
    String engine,
    String strategy,
    boolean dryRun,
    List<PhaseJson> phases,
    @Nullable Double frozenMs,
    double totalMs,
    long layerBytes,
    long fileBytes,
    List<FilePassJson> filePasses,
    long memoryBytes,
    long bytesSent,
    long bytesPerSecond,
    List<VolumeFateJson> volumes,
    @Nullable MemoryJson memory) {

  /**
   * One phase.
   *
   * @param phase preflight, sync_layers, sync_files, pre_copy, freeze, transfer, restore, commit,
   *     fill or release
   * @param ms how long it took, in milliseconds
   * @param bytes bytes sent in it
   * @param podRuns whether the pod ran meanwhile
   */
  public record PhaseJson(String phase, double ms, long bytes, boolean podRuns) {
    static PhaseJson of(MigrationReport.PhaseTime time) {
      return new PhaseJson(
          Shapes.name(time.phase()),
          Shapes.millis(time.took()),
          time.bytes(),
          time.phase().podRuns());
    }
  }

  /** Of a migration as it was asked for. */
  public static MigrationJson of(MigrationReport report, TargetEngine engine) {
    return new MigrationJson(
        Shapes.SCHEMA_VERSION,
        report.migration(),
        report.pod().value(),
        report.target(),
        engine.label(),
        report.strategy(),
        report.dryRun(),
        report.phases().stream().map(PhaseJson::of).toList(),
        report.frozen() == null ? null : Shapes.millis(report.frozen()),
        Shapes.millis(report.total()),
        report.bytesLayers(),
        report.bytesFiles(),
        report.filePasses().stream().map(FilePassJson::of).toList(),
        report.bytesMemory(),
        report.bytesSent(),
        Math.round(report.throughput()),
        report.volumes().stream().map(VolumeFateJson::of).toList(),
        report.memory() == null ? null : MemoryJson.of(report.memory()));
  }
}
