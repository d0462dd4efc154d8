package io.podkit.cli.json;

import io.podkit.core.api.PodStats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pod uses.
 *
 * @param name the pod
 * @param cpuTimeMs processor time used on this host, in milliseconds
 * @param cpuPercent processor use over the sampled interval, 100 is one core
 * @param memoryBytes in bytes
 * @param memoryLimitBytes in bytes; null without a limit
 * @param pids processes and threads
 * @param pidsLimit null without a limit
 * @param netReceivedBytes in bytes
 * @param netSentBytes in bytes
 */
public record StatsJson(
    String name,
    double cpuTimeMs,
    double cpuPercent,
    long memoryBytes,
    @Nullable Long memoryLimitBytes,
    long pids,
    @Nullable Long pidsLimit,
    long netReceivedBytes,
    long netSentBytes) {

  /**
   * One sample of several pods.
   *
   * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
   * @param pods in the order asked for
   */
  public record Sample(int schemaVersion, List<StatsJson> pods) {
    public static Sample of(List<PodStats> pods) {
      return new Sample(Shapes.SCHEMA_VERSION, pods.stream().map(StatsJson::of).toList());
    }
  }

  static StatsJson of(PodStats stats) {
    return new StatsJson(
        stats.name().value(),
        Shapes.millis(stats.cpuTime()),
        Math.round(stats.cpuPercent() * 100) / 100.0,
        stats.memoryBytes(),
        Shapes.orNull(stats.memoryLimit()),
        stats.pids(),
        Shapes.orNull(stats.pidsLimit()),
        stats.netReceivedBytes(),
        stats.netSentBytes());
  }
}
