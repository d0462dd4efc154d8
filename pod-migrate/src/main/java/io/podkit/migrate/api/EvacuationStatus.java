package io.podkit.migrate.api;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How far the evacuation of a host is, or was when it ended; and before it begins, its plan.
 *
 * @param id names this evacuation; empty if there was none yet
 * @param host the host that is emptied
 * @param purpose what its pods are moved for
 * @param state how it stands
 * @param began when, in ISO 8601; empty if it did not
 * @param elapsedMs since it began, until now or until it ended
 * @param pods its pods, the first to go first
 */
public record EvacuationStatus(
    String id,
    String host,
    EvacuationOrder.Purpose purpose,
    State state,
    String began,
    double elapsedMs,
    List<PodMove> pods) {
  /** How an evacuation stands. */
  public enum State {
    /** There never was one, or this is only a plan. */
    PLANNED,
    RUNNING,
    /** Its process has died; the host's agent, or the same command again, takes it up. */
    INTERRUPTED,
    /** None of the pods that were meant runs there any more. */
    DONE,
    /** It ended, and pods are left. */
    LEFT,
    CANCELLED,
    /** Its deadline has passed, and pods are left. */
    TIMED_OUT;

    /** Whether something happens, or will. */
    public boolean isUnderWay() {
      return this == RUNNING || this == INTERRUPTED;
    }
  }

  public EvacuationStatus {
    pods = List.copyOf(pods);
  }

  /** The same in another state. */
  public EvacuationStatus in(State newState) {
    return new EvacuationStatus(id, host, purpose, newState, began, elapsedMs, pods);
  }

  /** How many pods are at that step. */
  public long count(PodMove.Step step) {
    return pods.stream().filter(pod -> pod.step() == step).count();
  }

  /** The same with every text passed through {@code clean}. */
  public EvacuationStatus cleaned(UnaryOperator<String> clean) {
    return new EvacuationStatus(
        clean.apply(id),
        clean.apply(host),
        purpose,
        state,
        clean.apply(began),
        elapsedMs,
        pods.stream().map(pod -> pod.cleaned(clean)).toList());
  }
}
