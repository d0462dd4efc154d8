package io.podkit.migrate.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;

/** One migration, run once. */
public interface Migration {
  /**
   * Moves the pod. Any failure before the commit leaves it running here, with its network, and
   * nothing of it on the target.
   *
   * @throws PodkitException of kind REFUSED if the preflight found an obstacle (nothing was
   *     touched), CANCELLED after {@link #cancel}, IN_DOUBT if the link broke in the instant of the
   *     commit and the target could not be asked
   */
  MigrationReport run(MigrationListener listener) throws PodkitException;

  /**
   * Gives the migration up if it has not committed; from any thread, and at any time.
   *
   * @return false if it is too late: the pod was granted to the target, and may be its own already
   */
  @CanIgnoreReturnValue
  boolean cancel();
}
