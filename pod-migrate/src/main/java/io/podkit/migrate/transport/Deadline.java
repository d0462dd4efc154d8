package io.podkit.migrate.transport;

import java.time.Duration;

/**
 * A moment by which something must have happened.
 *
 * @param nanos on the clock of {@link System#nanoTime()}
 */
record Deadline(long nanos) {

  private static final long NANOS_PER_MILLI = 1_000_000;

  static Deadline after(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  boolean hasPassed() {
    return System.nanoTime() - nanos >= 0;
  }

  /** What is left in milliseconds, rounded up; 0 if it has passed. */
  long millisLeft() {
    long left = nanos - System.nanoTime();
    return left <= 0 ? 0 : (left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
  }
}
