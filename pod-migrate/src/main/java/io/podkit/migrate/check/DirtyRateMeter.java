package io.podkit.migrate.check;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.DirtyPoint;
import io.podkit.migrate.memory.policy.Abilities.Ability;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Measures a running pod, which runs on: the memory engine's part of a check. */
@FunctionalInterface
public interface DirtyRateMeter {
  /**
   * Watches the pod for that time. Where nothing can tell its dirty pages, there is no curve, and
   * the tracker is {@link io.podkit.migrate.memory.policy.Abilities#NO_TRACKER}. Nothing of the
   * tracking stays in any case.
   */
  Measured measure(PodName pod, Duration time) throws PodkitException;

  /**
   * What was measured.
   *
   * @param memoryBytes page contents that would have to travel, pages of zeros included: nothing is
   *     read
   * @param curve how much was dirtied in which time, at several times up to all of it
   * @param fixedCost what freezing this pod, writing its metadata and restoring it is going to
   *     take, without memory
   * @param tracker what told the dirty pages
   * @param trackerReason why that one
   * @param abilities what this host can do as a source
   */
  record Measured(
      long memoryBytes,
      List<DirtyPoint> curve,
      Duration fixedCost,
      String tracker,
      String trackerReason,
      Set<Ability> abilities) {
    public Measured {
      curve = List.copyOf(curve);
      abilities = Set.copyOf(abilities);
    }
  }
}
