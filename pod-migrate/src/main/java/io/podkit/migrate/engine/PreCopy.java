package io.podkit.migrate.engine;

import io.podkit.criu.image.PageRun;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MemoryRound;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.memory.policy.AppliedThrottle;
import io.podkit.migrate.memory.policy.Convergence;
import io.podkit.migrate.memory.policy.Decision;
import io.podkit.migrate.memory.policy.Limits;
import io.podkit.migrate.memory.policy.RoundStats;
import io.podkit.migrate.memory.policy.Throughput;
import io.podkit.migrate.memory.tracking.MemoryTracker;
import io.podkit.migrate.memory.transfer.PageCounts;
import io.podkit.migrate.memory.transfer.PageSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Memory in rounds while the pod runs: each sends what was written to since the one before, until
 * {@link Convergence} says that the rest may be sent while the pod stands still.
 */
final class PreCopy {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MemoryTracker tracker;
  private final PageSender sender;
  private final HotPages hot;
  private final AppliedThrottle throttle;
  private final LiveKnobs knobs;
  private final CancelSwitch cancel;
  private final PhaseClock phases;
  private final Strategy strategy;
  private final MemoryOptions options;
  private final Duration timeout;
  private final List<RoundStats> history = new ArrayList<>();

  PreCopy(
      MemoryTracker tracker,
      PageSender sender,
      HotPages hot,
      AppliedThrottle throttle,
      LiveKnobs knobs,
      CancelSwitch cancel,
      PhaseClock phases,
      Strategy strategy,
      MemoryOptions options,
      Duration timeout) {
    this.tracker = tracker;
    this.sender = sender;
    this.hot = hot;
    this.throttle = throttle;
    this.knobs = knobs;
    this.cancel = cancel;
    this.phases = phases;
    this.strategy = strategy;
    this.options = options;
    this.timeout = timeout;
  }

  /**
   * Makes rounds.
   *
   * @return why they ended: to freeze, or to go on with post-copy
   * @throws PodkitException TIMEOUT if there is no time for anything that could succeed
   */
  Decision run() throws PodkitException {
    while (true) {
      cancel.check();
      Decision decision = decide();
      phases.decided(decision.name(), decision.reason());
      if (decision instanceof Decision.GiveUp) {
        throw PodkitException.of(
            ErrorKind.TIMEOUT,
            "the pod writes faster than its memory travels: " + decision.reason(),
            new Hint("allow more with --timeout, or slow the pod down with --auto-converge"));
      }
      if (decision instanceof Decision.Throttle slower) {
        throttle.apply(slower.percent());
      }
      if (!decision.goesOn()) {
        return decision;
      }
      round();
    }
  }

  private Decision decide() {
    return knobs.postCopyWanted()
        ? new Decision.SwitchToPostCopy("it was asked for")
        : Convergence.decide(history, limits());
  }

  private Limits limits() {
    return new Limits(
        strategy,
        knobs.downtime(),
        Limits.SMALL_PODS_COST,
        options.maxRounds(),
        timeout.minus(phases.now()),
        options.autoConverge());
  }

  private void round() throws PodkitException {
    PageCounts.Snapshot before = sender.counts().snapshot();
    long began = System.nanoTime();
    hot.clear();
    tracker.round(hot.before(sender));
    sender.await();
    Duration took = Duration.ofNanos(Math.max(1, System.nanoTime() - began));
    PageCounts.Snapshot sent = sender.counts().snapshot().since(before);
    long dirty = tracker.dirtyPages() * PageRun.PAGE_SIZE;
    long content = sent.content() * PageRun.PAGE_SIZE;
    history.add(new RoundStats(content, took, dirty, throttle.percent()));
    MemoryRound round =
        new MemoryRound(
            history.size(),
            sent.pages(),
            sent.wireBytes(),
            took,
            dirty,
            perSecond(dirty, took),
            perSecond(content, took),
            sent.zero(),
            sent.referenced(),
            sent.unchanged());
    Duration pause = Limits.SMALL_PODS_COST.plus(Throughput.of(history).timeFor(dirty));
    phases.round(round, new Estimate(pause, null));
    FaultPoint.SOURCE_ROUND.reach();
  }

  private static long perSecond(long bytes, Duration took) {
    return Math.round(bytes * NANOS / took.toNanos());
  }
}
