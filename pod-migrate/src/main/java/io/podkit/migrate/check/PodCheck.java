package io.podkit.migrate.check;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.CheckReport;
import io.podkit.migrate.api.CheckReport.Impossible;
import io.podkit.migrate.api.CheckRequest;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.api.StrategyPrediction;
import io.podkit.migrate.check.DirtyRateMeter.Measured;
import io.podkit.migrate.check.LinkMeter.Link;
import io.podkit.migrate.memory.policy.Abilities;
import io.podkit.migrate.memory.policy.DirtyCurve;
import io.podkit.migrate.memory.policy.Prediction;
import io.podkit.migrate.memory.policy.StrategyChoice;
import io.podkit.migrate.memory.policy.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Measures and predicts. */
public final class PodCheck {
  private final DirtyRateMeter pods;
  private final LinkMeter links;
  private final BlockerSurvey blockers;

  public PodCheck(DirtyRateMeter pods, LinkMeter links, BlockerSurvey blockers) {
    this.pods = pods;
    this.links = links;
    this.blockers = blockers;
  }

  /** Takes as long as was asked for, and a moment more for the link. */
  public CheckReport run(CheckRequest request) throws PodkitException {
    Measured pod = pods.measure(request.pod(), request.time());
    if (request.host() == null) {
      return alone(request, pod);
    }
    Link link = links.measure(request.host(), request.port());
    Abilities abilities =
        new Abilities(
            pod.tracker(), pod.trackerReason(), pod.abilities(), link.abilities(), request.host());
    StrategyChoice auto = StrategyChoice.of(Strategy.AUTO, abilities);
    List<StrategyPrediction> predictions = new ArrayList<>();
    List<Impossible> impossible = new ArrayList<>();
    Prediction prediction = prediction(pod, link);
    for (Strategy strategy : Strategy.values()) {
      if (strategy != Strategy.AUTO) {
        try {
          StrategyChoice choice = StrategyChoice.of(strategy, abilities);
          predictions.add(prediction.of(request.memory().with(choice.strategy())));
        } catch (PodkitException e) {
          impossible.add(new Impossible(strategy, reason(e)));
        }
      }
    }
    BlockerSurvey.Found found = blockers.of(request);
    return new CheckReport(
        request.pod(),
        request.host(),
        pod.memoryBytes(),
        pod.tracker(),
        pod.trackerReason(),
        pod.curve(),
        OptionalLong.of(link.bytesPerSecond()),
        found.blockers(),
        found.volumes(),
        predictions,
        impossible,
        auto.strategy(),
        auto.reason());
  }

  private static String reason(PodkitException refusal) throws PodkitException {
    if (refusal.kind() != ErrorKind.UNSUPPORTED) {
      throw refusal;
    }
    return refusal.what();
  }

  private CheckReport alone(CheckRequest request, Measured pod) throws PodkitException {
    return new CheckReport(
        request.pod(),
        null,
        pod.memoryBytes(),
        pod.tracker(),
        pod.trackerReason(),
        pod.curve(),
        OptionalLong.empty(),
        blockers.of(request).blockers(),
        List.of(),
        List.of(),
        List.of(),
        null,
        "the strategy depends on the target: name a host");
  }

  private static Prediction prediction(Measured pod, Link link) {
    return new Prediction(
        pod.memoryBytes(),
        new DirtyCurve(pod.curve(), pod.memoryBytes()),
        new Throughput(link.bytesPerSecond()),
        pod.fixedCost(),
        MigrationRequest.DEFAULT_TIMEOUT);
  }
}
