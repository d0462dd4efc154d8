package io.podkit.migrate.check;

/**
 * Watches a rate until it rises no more: TCP opens its window, and a JVM is slow at first. Not
 * thread-safe.
 */
final class SteadyRate {
  /** What counts as rising. */
  private static final double BETTER = 1.1;

  /** So many in succession that are not better. */
  private static final int ENOUGH = 2;

  private double best;
  private double before;
  private double last;
  private int flat;

  /**
   * Takes notice of the rate over one more window.
   *
   * @return whether it rises no more
   */
  boolean add(double rate) {
    before = last;
    last = rate;
    flat = rate > best * BETTER ? 0 : flat + 1;
    best = Math.max(best, rate);
    return flat >= ENOUGH;
  }

  /** The rate over the last two windows; over one if there was one. */
  double rate() {
    return before == 0 ? last : (before + last) / 2;
  }
}
