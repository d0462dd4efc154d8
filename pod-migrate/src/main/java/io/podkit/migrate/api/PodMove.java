package io.podkit.migrate.api;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One pod of an evacuation.
 *
 * @param pod its name
 * @param step how far it is
 * @param target where it goes or went; empty if nowhere
 * @param phase the running phase of its migration, as {@link MigrationPhase#label}; empty without
 * @param round the last finished round of its memory; 0 before there is one
 * @param pauseMs how long it stood still; -1 before that is known
 * @param totalMs how long its move took; -1 before that is known
 * @param attempts moves that were begun
 * @param reason why it goes there, or why it does not go
 * @param cure what the user can do so that it goes; empty if nothing need be done
 * @param rejected hosts that cannot take it, each with its reason
 */
public record PodMove(
    String pod,
    Step step,
    String target,
    String phase,
    int round,
    double pauseMs,
    double totalMs,
    int attempts,
    String reason,
    String cure,
    List<String> rejected) {
  /** How far a pod is. */
  public enum Step {
    /** It will be moved. */
    WAITING,
    MOVING,
    /** It runs on its target. */
    MOVED,
    /** It runs here and will not be moved. */
    LEFT,
    /** It does not run, so it stays; it is in nobody's way. */
    STAYS
  }

  public PodMove {
    rejected = List.copyOf(rejected);
  }

  /** A pod that is to go to {@code target}. */
  public static PodMove planned(String pod, String target, String reason, List<String> rejected) {
    return new PodMove(pod, Step.WAITING, target, "", 0, -1, -1, 0, reason, "", rejected);
  }

  /** A pod that cannot go. */
  public static PodMove left(String pod, String reason, String cure, List<String> rejected) {
    return new PodMove(pod, Step.LEFT, "", "", 0, -1, -1, 0, reason, cure, rejected);
  }

  /** A pod that does not run. */
  public static PodMove stays(String pod, String reason) {
    return new PodMove(pod, Step.STAYS, "", "", 0, -1, -1, 0, reason, "", List.of());
  }

  /** The same at another step, without a phase. */
  public PodMove at(Step newStep, String newReason, String newCure) {
    return new PodMove(
        pod, newStep, target, "", round, pauseMs, totalMs, attempts, newReason, newCure, rejected);
  }

  /** One more attempt begins. */
  public PodMove begun(String newTarget) {
    return new PodMove(
        pod, Step.MOVING, newTarget, "", 0, -1, -1, attempts + 1, reason, "", rejected);
  }

  public PodMove inPhase(String newPhase) {
    return new PodMove(
        pod, step, target, newPhase, round, pauseMs, totalMs, attempts, reason, cure, rejected);
  }

  public PodMove afterRound(int newRound) {
    return new PodMove(
        pod, step, target, phase, newRound, pauseMs, totalMs, attempts, reason, cure, rejected);
  }

  public PodMove timed(double pause, double total) {
    return new PodMove(
        pod, step, target, phase, round, pause, total, attempts, reason, cure, rejected);
  }

  /** Planned anew: where to and why, with what was tried so far. */
  public PodMove replanned(PodMove plan) {
    return new PodMove(
        pod,
        plan.step(),
        plan.target(),
        "",
        0,
        pauseMs,
        totalMs,
        attempts,
        plan.reason(),
        plan.cure(),
        plan.rejected());
  }

  PodMove cleaned(UnaryOperator<String> clean) {
    return new PodMove(
        clean.apply(pod),
        step,
        clean.apply(target),
        clean.apply(phase),
        round,
        pauseMs,
        totalMs,
        attempts,
        clean.apply(reason),
        clean.apply(cure),
        rejected.stream().map(clean).toList());
  }
}
