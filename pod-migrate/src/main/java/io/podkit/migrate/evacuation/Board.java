package io.podkit.migrate.evacuation;

import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.PodMove;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How far each pod of one evacuation is. Thread-safe: migrations tell it on their own threads. */
final class Board {
  private final Map<String, PodMove> pods = new LinkedHashMap<>();
  private boolean changed;

  Board(Collection<PodMove> known) {
    known.forEach(pod -> pods.put(pod.pod(), pod));
  }

  synchronized List<PodMove> pods() {
    return List.copyOf(pods.values());
  }

  synchronized @Nullable PodMove find(String pod) {
    return pods.get(pod);
  }

  synchronized void put(PodMove pod) {
    pods.put(pod.pod(), pod);
    changed = true;
  }

  synchronized void change(String pod, UnaryOperator<PodMove> change) {
    PodMove known = pods.get(pod);
    if (known != null) {
      put(change.apply(known));
    }
  }

  /** Takes over a plan; what has moved stays in front, the rest is in the order of the plan. */
  synchronized void plan(List<PodMove> plan) {
    for (PodMove planned : plan) {
      PodMove known = pods.remove(planned.pod());
      pods.put(planned.pod(), known == null ? planned : known.replanned(planned));
    }
    changed = true;
  }

  synchronized boolean has(PodMove.Step step) {
    return pods.values().stream().anyMatch(pod -> pod.step() == step);
  }

  /** Whether something has changed since this was last asked. */
  synchronized boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** Follows the migration of that pod. */
  MigrationListener follow(String pod) {
    return event -> {
      if (event instanceof MigrationEvent.PhaseStarted started) {
        change(pod, move -> move.inPhase(started.phase().label()));
      } else if (event instanceof MigrationEvent.RoundFinished finished) {
        change(pod, move -> move.afterRound(finished.round().number()));
      }
    };
  }
}
