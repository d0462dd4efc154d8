package io.podkit.migrate.memory.policy;

import static io.podkit.migrate.memory.policy.Amounts.time;

import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.api.StrategyPrediction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a migration would go: {@link Convergence} is asked as it would be then, with rounds that are
 * computed instead of made.
 *
 * @param memoryBytes page contents that have to travel
 * @param curve how fast the pod dirties them
 * @param throughput how fast they travel
 * @param fixedCost freezing, CRIU's metadata and restoring
 * @param timeout of the whole migration
 */
public record Prediction(
    long memoryBytes,
    DirtyCurve curve,
    Throughput throughput,
    Duration fixedCost,
    Duration timeout) {

  /** How it would go by that strategy. */
  public StrategyPrediction of(MemoryOptions options) {
    return switch (options.strategy()) {
      case AUTO -> throw new IllegalArgumentException("choose a strategy to predict");
      case STOP_COPY -> stopCopy();
      case POST_COPY -> postCopy(options.strategy(), 0, Duration.ZERO, memoryBytes, "");
      case PRE_COPY, HYBRID -> simulate(List.of(), memoryBytes, options);
    };
  }

  /**
   * What is expected now of a migration that has made these rounds.
   *
   * @param history at least one round
   */
  public static Estimate estimate(List<RoundStats> history, Limits limits, long memoryBytes) {
    Throughput throughput = Throughput.of(history);
    long dirty = history.get(history.size() - 1).dirtyBytes();
    Duration pause = limits.fixedCost().plus(throughput.timeFor(dirty));
    Prediction prediction =
        new Prediction(
            memoryBytes,
            DirtyCurve.of(history, memoryBytes),
            throughput,
            limits.fixedCost(),
            limits.timeLeft());
    Outcome outcome = prediction.rounds(history, dirty, limits);
    boolean ends = !(outcome.decision instanceof Decision.GiveUp) && throughput.known();
    @Nullable Duration left = ends ? outcome.rounds.plus(prediction.pauseOf(outcome)) : null;
    return new Estimate(pause, left);
  }

  private StrategyPrediction stopCopy() {
    Duration pause = fixedCost.plus(throughput.timeFor(memoryBytes));
    return new StrategyPrediction(
        Strategy.STOP_COPY,
        0,
        pause,
        pause,
        inTime(pause),
        "all memory travels while it stands still");
  }

  private StrategyPrediction postCopy(
      Strategy strategy, int rounds, Duration before, long left, String why) {
    String reason = "it runs there at once, and waits for each page that it touches before it came";
    Duration total = before.plus(fixedCost).plus(throughput.timeFor(left));
    return new StrategyPrediction(
        strategy, rounds, fixedCost, total, inTime(total), why.isEmpty() ? reason : why);
  }

  private boolean inTime(Duration total) {
    return total.compareTo(timeout) <= 0;
  }

  private StrategyPrediction simulate(
      List<RoundStats> history, long toSend, MemoryOptions options) {
    Limits limits =
        new Limits(
            options.strategy(),
            options.downtimeLimit(),
            fixedCost,
            options.maxRounds(),
            timeout,
            options.autoConverge());
    Outcome outcome = rounds(history, toSend, limits);
    String reason = outcome.decision.reason();
    if (outcome.decision instanceof Decision.SwitchToPostCopy) {
      return postCopy(options.strategy(), outcome.count, outcome.rounds, outcome.left, reason);
    }
    Duration pause = pauseOf(outcome);
    boolean within =
        outcome.decision instanceof Decision.FreezeNow
            && throughput.timeFor(outcome.left).compareTo(options.downtimeLimit()) <= 0;
    return new StrategyPrediction(
        options.strategy(),
        outcome.count,
        pause,
        outcome.rounds.plus(pause),
        within,
        outcome.decision instanceof Decision.GiveUp
            ? "it would not be done within " + time(timeout) + ": " + reason
            : reason);
  }

  /** How rounds end: their number and time, what is dirty then, and what is decided. */
  private record Outcome(int count, Duration rounds, long left, Decision decision) {}

  private Duration pauseOf(Outcome outcome) {
    return outcome.decision instanceof Decision.SwitchToPostCopy
        ? fixedCost
        : fixedCost.plus(throughput.timeFor(outcome.left));
  }

  /** Ends because {@link Convergence} allows no more than {@code maxRounds}. */
  private Outcome rounds(List<RoundStats> history, long toSend, Limits limits) {
    List<RoundStats> rounds = new ArrayList<>(history);
    Duration spent = Duration.ZERO;
    long left = toSend;
    int throttle = rounds.isEmpty() ? 100 : rounds.get(rounds.size() - 1).throttlePercent();
    Decision decision = Convergence.decide(rounds, limits);
    while (decision.goesOn()) {
      if (decision instanceof Decision.Throttle slower) {
        throttle = slower.percent();
      }
      Duration took = throughput.timeFor(left);
      long dirty = curve.at(took.multipliedBy(throttle).dividedBy(100));
      rounds.add(new RoundStats(left, took, dirty, throttle));
      left = dirty;
      spent = spent.plus(took);
      Limits later =
          new Limits(
              limits.strategy(),
              limits.downtime(),
              limits.fixedCost(),
              limits.maxRounds(),
              limits.timeLeft().minus(spent),
              limits.autoConverge());
      decision = Convergence.decide(rounds, later);
    }
    return new Outcome(rounds.size(), spent, left, decision);
  }
}
