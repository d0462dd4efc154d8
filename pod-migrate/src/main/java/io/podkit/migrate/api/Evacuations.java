package io.podkit.migrate.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;

/**
 * Moving the pods of a host elsewhere. The host that they leave does it, in a process of its own:
 * whoever asked may go away, and a crash is taken up where it was. Thread-safe.
 */
public interface Evacuations {
  /**
   * Says where the pods would go, or begins to move them. One that is under way there for the same
   * purpose is left as it is, and told of.
   *
   * @throws PodkitException CONFLICT if one for another purpose is under way there
   */
  EvacuationStatus order(KnownHost host, EvacuationOrder order) throws PodkitException;

  /** The one that is under way on that host, or its last. */
  EvacuationStatus status(KnownHost host) throws PodkitException;

  /** Has no more pods moved; those that have not committed stay. */
  @CanIgnoreReturnValue
  EvacuationStatus cancel(KnownHost host) throws PodkitException;

  /**
   * Does, in this process, what was ordered on this host and is not finished; returns when it is.
   * Returns at once if another process is at it or there is nothing to do.
   */
  void work() throws PodkitException;
}
