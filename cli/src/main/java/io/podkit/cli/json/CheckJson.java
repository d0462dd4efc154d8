package io.podkit.cli.json;

import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckReport;
import io.podkit.migrate.api.DirtyPoint;
import io.podkit.migrate.api.StrategyPrediction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code pod check}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param pod the pod
 * @param target where it would go
 * @param movable whether nothing is in the way
 * @param memoryBytes page contents that would have to travel
 * @param tracker what told the dirty pages
 * @param trackerReason why that one
 * @param dirtied how much was dirtied in which time
 * @param linkBytesPerSecond what the link carries
 * @param blockers what is in the way
 * @param volumes what would become of its volumes; empty without a target
 * @param predictions for each strategy that both hosts can do
 * @param impossible the strategies that they cannot
 * @param auto what the strategy auto would take
 * @param autoReason why
 */
public record CheckJson(
    int schemaVersion,
    String pod,
    @Nullable String target,
    boolean movable,
    long memoryBytes,
    String tracker,
    String trackerReason,
    List<DirtiedJson> dirtied,
    @Nullable Long linkBytesPerSecond,
    List<BlockerJson> blockers,
    List<VolumeFateJson> volumes,
    List<PredictionJson> predictions,
    List<ImpossibleJson> impossible,
    @Nullable String auto,
    String autoReason) {

  /**
   * One point of the curve.
   *
   * @param ms the time
   * @param bytes what was dirtied in it
   */
  public record DirtiedJson(double ms, long bytes) {
    static DirtiedJson of(DirtyPoint point) {
      return new DirtiedJson(Shapes.millis(point.interval()), point.bytes());
    }
  }

  /**
   * One thing that is in the way.
   *
   * @param what a file descriptor, a mapping, an interface
   * @param pid the process that has it, as the host sees it
   * @param path where it leads
   * @param reason why it is in the way
   * @param cure what to do about it
   */
  public record BlockerJson(
      String what,
      @Nullable Long pid,
      @Nullable String path,
      String reason,
      @Nullable String cure) {
    static BlockerJson of(Blocker blocker) {
      return new BlockerJson(
          blocker.what(),
          Shapes.orNull(blocker.pid()),
          blocker.path(),
          blocker.reason(),
          blocker.cure());
    }
  }

  /**
   * How a migration by one strategy would go.
   *
   * @param strategy stop-copy, pre-copy, post-copy or hybrid
   * @param rounds rounds while the pod runs
   * @param pauseMs how long it would stand still
   * @param totalMs until all of it is on the target
   * @param withinLimits whether the downtime limit, where it applies, and the timeout would be kept
   * @param reason what ends the rounds, or what the strategy costs
   */
  public record PredictionJson(
      String strategy,
      int rounds,
      double pauseMs,
      double totalMs,
      boolean withinLimits,
      String reason) {
    static PredictionJson of(StrategyPrediction prediction) {
      return new PredictionJson(
          prediction.strategy().label(),
          prediction.rounds(),
          Shapes.millis(prediction.pause()),
          Shapes.millis(prediction.total()),
          prediction.withinLimits(),
          prediction.reason());
    }
  }

  /**
   * A strategy that is out of the question.
   *
   * @param strategy which
   * @param reason why
   */
  public record ImpossibleJson(String strategy, String reason) {
    static ImpossibleJson of(CheckReport.Impossible impossible) {
      return new ImpossibleJson(impossible.strategy().label(), impossible.reason());
    }
  }

  public static CheckJson of(CheckReport report) {
    return new CheckJson(
        Shapes.SCHEMA_VERSION,
        report.pod().value(),
        report.target(),
        report.movable(),
        report.memoryBytes(),
        report.tracker(),
        report.trackerReason(),
        report.dirtied().stream().map(DirtiedJson::of).toList(),
        Shapes.orNull(report.linkBytesPerSecond()),
        report.blockers().stream().map(BlockerJson::of).toList(),
        report.volumes().stream().map(VolumeFateJson::of).toList(),
        report.predictions().stream().map(PredictionJson::of).toList(),
        report.impossible().stream().map(ImpossibleJson::of).toList(),
        report.auto() == null ? null : report.auto().label(),
        report.autoReason());
  }
}
