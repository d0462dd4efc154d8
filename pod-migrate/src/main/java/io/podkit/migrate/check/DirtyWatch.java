package io.podkit.migrate.check;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.DirtyPoint;
import io.podkit.migrate.memory.tracking.MemoryTracker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One look at a pod through the tracker of a migration: everything is protected once, and what was
 * written to since is counted after ever longer times. Not thread-safe.
 */
final class DirtyWatch {
  /** When it is counted, as parts of the whole time: the pod writes to most of its pages again. */
  private static final int[] PARTS = {16, 8, 4, 2, 1};

  private final MemoryTracker tracker;
  private final LongSupplier nanos;
  private final Pause pause;

  /** Waits. */
  interface Pause {
    void until(long nanos) throws PodkitException;
  }

  /**
   * @param nanos the time
   * @param pause returns when it is that time
   */
  DirtyWatch(MemoryTracker tracker, LongSupplier nanos, Pause pause) {
    this.tracker = tracker;
    this.nanos = nanos;
    this.pause = pause;
  }

  /**
   * What was seen.
   *
   * @param memoryBytes pages that hold something
   */
  record Seen(long memoryBytes, List<DirtyPoint> curve) {}

  Seen watch(Duration time) throws PodkitException {
    long[] found = {0};
    tracker.round((source, address, pages) -> found[0] += pages);
    long began = nanos.getAsLong();
    // What is not tracked counts as dirty at once: a migration would carry it in the freeze.
    long held = found[0] + tracker.dirtyPages();
    List<DirtyPoint> curve = new ArrayList<>();
    for (int part : PARTS) {
      pause.until(began + time.toNanos() / part);
      long dirty = tracker.dirtyPages();
      curve.add(
          new DirtyPoint(Duration.ofNanos(nanos.getAsLong() - began), dirty * PageRun.PAGE_SIZE));
    }
    return new Seen(held * PageRun.PAGE_SIZE, curve);
  }
}
