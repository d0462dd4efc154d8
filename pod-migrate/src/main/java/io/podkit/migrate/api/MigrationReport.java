package io.podkit.migrate.api;

import io.podkit.core.api.PodName;
import io.podkit.core.api.VolumeFate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a migration did and what it cost. The phases' times add up to {@code total}.
 *
 * @param migration its id
 * @param pod the pod that moved
 * @param target where it went
 * @param strategy how its memory went, see {@link Strategy#label}
 * @param dryRun whether it stopped after the preflight
 * @param phases each phase that ran, in order
 * @param frozen from the last instruction on the source to the first on the target; null for a dry
 *     run
 * @param total from the request to the end
 * @param bytesLayers bytes of layers sent
 * @param bytesFiles bytes of the pod's own files sent
 * @param filePasses every pass over the pod's own files, in order
 * @param bytesMemory bytes of memory and process state sent
 * @param memory how the memory travelled; null for a dry run, and where nothing but CRIU saw it
 * @param volumes what became of the pod's volumes, or would
 */
public record MigrationReport(
    String migration,
    PodName pod,
    String target,
    String strategy,
    boolean dryRun,
    List<PhaseTime> phases,
    @Nullable Duration frozen,
    Duration total,
    long bytesLayers,
    long bytesFiles,
    List<FilePass> filePasses,
    long bytesMemory,
    @Nullable MemoryReport memory,
    List<VolumeFate> volumes) {
  public MigrationReport {
    phases = List.copyOf(phases);
    filePasses = List.copyOf(filePasses);
    volumes = List.copyOf(volumes);
  }

  public long bytesSent() {
    return bytesLayers + bytesFiles + bytesMemory;
  }

  /** Bytes a second over the whole migration. */
  public double throughput() {
    return total.isZero() ? 0 : bytesSent() * 1e9 / total.toNanos();
  }

  /**
   * How long one phase took.
   *
   * @param phase which
   * @param took its duration
   * @param bytes bytes sent in it
   */
  public record PhaseTime(MigrationPhase phase, Duration took, long bytes) {}
}
