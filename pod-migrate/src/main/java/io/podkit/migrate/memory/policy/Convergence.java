package io.podkit.migrate.memory.policy;

import static io.podkit.migrate.memory.policy.Amounts.bytes;
import static io.podkit.migrate.memory.policy.Amounts.rate;
import static io.podkit.migrate.memory.policy.Amounts.time;

import io.podkit.migrate.api.Strategy;
import java.time.Duration;
import java.util.List;

/**
 * Decides after each round how to go on, from the rounds so far alone. The rules, the first that
 * applies:
 *
 * <ol>
 *   <li>stop when what is dirty can be sent within the downtime limit, or is next to nothing;
 *   <li>give up when the timeout leaves no time to freeze, send and restore;
 *   <li>stop when it leaves no time for another round before that, or there were enough rounds;
 *   <li>when the dirty set shrinks no more, slow the pod down if that is allowed, else stop;
 *   <li>otherwise, another round.
 * </ol>
 *
 * Stopping with more than the limit left means post-copy for a hybrid migration; pre-copy freezes
 * the pod all the same, and the reason says so.
 */
public final class Convergence {
  /** A round pays if it leaves at most so much of the dirty bytes before it: 15 % less. */
  static final double PAYS = 0.85;

  /**
   * Where nothing was carried yet that a rate could be told from, the few pages that a pod writes
   * over and over, mostly with what they had, are no reason for another round: one batch.
   */
  static final long LITTLE = 1L << 20;

  /** One bad round may be chance. */
  static final int BAD_ROUNDS = 2;

  /** What auto-converge allows the pod, one after the other, in percent of what it used. */
  static final List<Integer> THROTTLE_STEPS = List.of(80, 60, 40, 25);

  private Convergence() {}

  /**
   * Decides.
   *
   * @param history every round so far, in order
   */
  public static Decision decide(List<RoundStats> history, Limits limits) {
    if (!limits.strategy().hasRounds()) {
      return withoutRounds(limits);
    }
    if (history.isEmpty()) {
      return new Decision.NextRound("no round has been made yet");
    }
    long dirty = last(history).dirtyBytes();
    Duration transfer = Throughput.of(history).timeFor(dirty);
    boolean little = !Throughput.of(history).known() && dirty <= LITTLE;
    if (little || transfer.compareTo(limits.downtime()) <= 0) {
      return new Decision.FreezeNow(left(history, transfer) + within(limits));
    }
    String leaves = "the timeout leaves " + time(limits.timeLeft());
    if (limits.timeLeft().compareTo(toFinish(history, limits)) < 0) {
      return new Decision.GiveUp(left(history, transfer) + ", and " + leaves);
    }
    boolean another = limits.timeLeft().minus(toFinish(history, limits)).compareTo(transfer) >= 0;
    if (Throughput.of(history).known() && !another) {
      return stop(history, limits, leaves + ", no time for another round");
    }
    if (history.size() >= limits.maxRounds()) {
      return stop(history, limits, "after " + history.size() + " of as many rounds");
    }
    if (Stagnation.of(history)) {
      return stagnant(history, limits);
    }
    return new Decision.NextRound(left(history, transfer) + above(limits));
  }

  private static Decision withoutRounds(Limits limits) {
    return limits.strategy() == Strategy.POST_COPY
        ? new Decision.SwitchToPostCopy("post-copy makes no rounds: all memory follows the pod")
        : new Decision.FreezeNow(
            "stop-copy makes no rounds: all memory travels while it is frozen");
  }

  /** What it takes until the pod runs on the target if rounds end now; at least, if unknown. */
  private static Duration toFinish(List<RoundStats> history, Limits limits) {
    Throughput throughput = Throughput.of(history);
    boolean waits = throughput.known() && limits.strategy() != Strategy.HYBRID;
    return waits
        ? limits.fixedCost().plus(throughput.timeFor(last(history).dirtyBytes()))
        : limits.fixedCost();
  }

  private static Decision stagnant(List<RoundStats> history, Limits limits) {
    String reason = "the dirty set shrinks no more: " + Stagnation.describe(history);
    if (!limits.autoConverge()) {
      return stop(history, limits, reason);
    }
    int now = last(history).throttlePercent();
    for (int step : THROTTLE_STEPS) {
      if (step < now) {
        return new Decision.Throttle(
            step, reason + "; from now on the pod gets " + step + " % of its processor time");
      }
    }
    return stop(history, limits, reason + ", even with " + now + " % of its processor time");
  }

  private static Decision stop(List<RoundStats> history, Limits limits, String why) {
    Duration transfer = Throughput.of(history).timeFor(last(history).dirtyBytes());
    String reason = why + ": " + left(history, transfer) + above(limits);
    return limits.strategy() == Strategy.HYBRID
        ? new Decision.SwitchToPostCopy(reason + ", so they follow the pod")
        : new Decision.FreezeNow(
            reason + "; pre-copy freezes it all the same, hybrid would not wait for them");
  }

  private static String left(List<RoundStats> history, Duration transfer) {
    Throughput throughput = Throughput.of(history);
    String dirty = bytes(last(history).dirtyBytes()) + " are left";
    return throughput.known()
        ? dirty + ", " + time(transfer) + " at " + rate(throughput.bytesPerSecond())
        : dirty;
  }

  private static String within(Limits limits) {
    return ": within the downtime limit of "
        + time(limits.downtime())
        + " (freezing and restoring cost about "
        + time(limits.fixedCost())
        + " on top)";
  }

  private static String above(Limits limits) {
    return ", above the downtime limit of " + time(limits.downtime());
  }

  private static RoundStats last(List<RoundStats> history) {
    return history.get(history.size() - 1);
  }
}
