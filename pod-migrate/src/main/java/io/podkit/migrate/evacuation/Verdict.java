package io.podkit.migrate.evacuation;

import io.podkit.core.api.PodState;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import org.jspecify.annotations.Nullable;

/** What a pod is after its move has ended, from its state here and the failure. Pure. */
enum Verdict {
  /** It is on its target. */
  MOVED,
  /** It runs here; another target may take it. */
  ELSEWHERE,
  /** It runs here, and somebody was at work on it: the same may work in a moment. */
  AGAIN,
  /** It runs here, because the user or the deadline ended its move. */
  GIVEN_UP,
  /** Nobody knows, or what is left of it here has to be cleared away. */
  IN_DOUBT,
  /** Its processes have ended. */
  ENDED;

  /**
   * @param state null if there is no such pod here any more
   * @param failure null if its migration has ended well
   * @param ending whether the evacuation was cancelled or its deadline has passed
   */
  static Verdict of(@Nullable PodState state, @Nullable PodkitException failure, boolean ending) {
    if (failure == null) {
      return MOVED;
    }
    if (state == null) { // gone before its move began, or with it
      return failure.kind() == ErrorKind.NOT_FOUND ? ENDED : MOVED;
    }
    if (state.isDeparting()) {
      return IN_DOUBT;
    }
    if (state != PodState.RUNNING) {
      return ENDED;
    }
    if (ending) {
      return GIVEN_UP;
    }
    return failure.kind() == ErrorKind.CONFLICT ? AGAIN : ELSEWHERE;
  }
}
