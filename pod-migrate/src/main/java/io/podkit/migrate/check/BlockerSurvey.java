package io.podkit.migrate.check;

import io.podkit.core.api.VolumeFate;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckRequest;
import java.util.List;

/** Finds what of a running pod would not survive a move, without touching it. */
@FunctionalInterface
public interface BlockerSurvey {
  /** What is in the way here, and on the target if there is one. */
  Found of(CheckRequest request) throws PodkitException;

  /**
   * What was found.
   *
   * @param blockers what is in the way
   * @param volumes what would become of its volumes; empty without a target
   */
  record Found(List<Blocker> blockers, List<VolumeFate> volumes) {
    /** Copies both lists. */
    public Found {
      blockers = List.copyOf(blockers);
      volumes = List.copyOf(volumes);
    }
  }
}
