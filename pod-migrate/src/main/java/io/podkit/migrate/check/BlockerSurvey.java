package io.podkit.migrate.check;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Blocker;
import java.util.List;

/** Finds what of a running pod would not survive a move, without touching it. */
@FunctionalInterface
public interface BlockerSurvey {
  List<Blocker> of(PodName pod) throws PodkitException;
}
