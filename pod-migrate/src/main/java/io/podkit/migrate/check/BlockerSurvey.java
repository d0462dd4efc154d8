package io.podkit.migrate.check;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckRequest;
import java.util.List;

/** Finds what of a running pod would not survive a move, without touching it. */
@FunctionalInterface
public interface BlockerSurvey {
  /** What is in the way here, and on the target if there is one. */
  List<Blocker> of(CheckRequest request) throws PodkitException;
}
