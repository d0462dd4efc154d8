package io.podkit.migrate.engine;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides, once, between giving a migration up and granting the pod to the target: whichever comes
 * first wins. Thread-safe.
 */
final class CancelSwitch {
  private final List<Runnable> whenCancelled = new ArrayList<>();
  private @Nullable PodkitException reason;
  private boolean granted;

  /**
   * Has {@code action} run when the migration is given up; at once if it has been. It must not
   * block.
   */
  void onCancel(Runnable action) {
    synchronized (this) {
      if (reason == null) {
        whenCancelled.add(action);
        return;
      }
    }
    action.run();
  }

  /**
   * Gives the migration up, unless the pod was granted already.
   *
   * @return whether it is given up now
   */
  boolean cancel(PodkitException why) {
    List<Runnable> actions;
    synchronized (this) {
      if (granted) {
        return false;
      }
      if (reason != null) {
        return true;
      }
      reason = why;
      actions = List.copyOf(whenCancelled);
    }
    actions.forEach(Runnable::run);
    return true;
  }

  /** From now on it is too late to cancel; throws if it was cancelled before. */
  synchronized void grant() throws PodkitException {
    check();
    granted = true;
  }

  /** Throws if the migration was given up. */
  synchronized void check() throws PodkitException {
    if (reason != null) {
      throw again(reason);
    }
  }

  /** Why a step failed: a connection that broke because we cut it was cancelled, not lost. */
  synchronized PodkitException explain(PodkitException failure) {
    if (reason == null
        || failure.kind() == ErrorKind.CANCELLED
        || failure.kind() == ErrorKind.TIMEOUT) {
      return failure;
    }
    PodkitException explained = again(reason);
    explained.addSuppressed(failure);
    return explained;
  }

  private static PodkitException again(PodkitException reason) {
    return new PodkitException(reason.kind(), reason.what(), reason.hint(), reason);
  }
}
