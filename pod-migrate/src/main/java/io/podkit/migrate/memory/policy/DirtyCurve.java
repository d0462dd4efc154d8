package io.podkit.migrate.memory.policy;

import io.podkit.migrate.api.DirtyPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How much memory a pod dirties in a time. A pod writes to the same pages again, so twice the time
 * is less than twice the pages: the curve is measured at several times and drawn between them with
 * straight lines, from nothing at no time; behind the last point it goes on as steeply as before.
 */
public final class DirtyCurve {
  private final List<DirtyPoint> points;
  private final long memoryBytes;

  /**
   * A measured curve.
   *
   * @param measured in any order; a point below an earlier one counts as high as that
   * @param memoryBytes more than this is never dirty
   */
  public DirtyCurve(List<DirtyPoint> measured, long memoryBytes) {
    this.memoryBytes = memoryBytes;
    List<DirtyPoint> sorted = new ArrayList<>(measured);
    sorted.sort(Comparator.comparing(DirtyPoint::interval));
    List<DirtyPoint> rising = new ArrayList<>();
    rising.add(new DirtyPoint(Duration.ZERO, 0));
    for (DirtyPoint point : sorted) {
      DirtyPoint before = rising.get(rising.size() - 1);
      if (point.interval().compareTo(before.interval()) > 0) {
        rising.add(new DirtyPoint(point.interval(), Math.max(point.bytes(), before.bytes())));
      }
    }
    points = List.copyOf(rising);
  }

  /**
   * The curve that rounds so far have shown: each dirtied so much in the time it took, of which a
   * throttled pod had only a part.
   */
  static DirtyCurve of(List<RoundStats> history, long memoryBytes) {
    return new DirtyCurve(
        history.stream().map(r -> new DirtyPoint(podTime(r), r.dirtyBytes())).toList(),
        memoryBytes);
  }

  private static Duration podTime(RoundStats round) {
    return round.took().multipliedBy(round.throttlePercent()).dividedBy(100);
  }

  /** Bytes dirtied in that time. */
  public long at(Duration interval) {
    if (points.size() == 1) {
      return 0;
    }
    int next = 1;
    while (next < points.size() - 1 && points.get(next).interval().compareTo(interval) < 0) {
      next++;
    }
    DirtyPoint from = points.get(next - 1);
    DirtyPoint to = points.get(next);
    double span = to.interval().minus(from.interval()).toNanos();
    double along = interval.minus(from.interval()).toNanos() / span;
    double bytes = from.bytes() + along * (to.bytes() - from.bytes());
    return Math.min(memoryBytes, Math.round(bytes));
  }
}
