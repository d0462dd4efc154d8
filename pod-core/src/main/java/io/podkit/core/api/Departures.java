package io.podkit.core.api;

import io.podkit.error.PodkitException;

/** The source side of a move, on one host. */
public interface Departures {
  /**
   * Locks a running pod and records that it is leaving.
   *
   * @param migration id of the migration, kept in the record
   */
  Departure begin(PodName name, String migration) throws PodkitException;

  /**
   * As {@link #begin}, for a container that is to be its engine's again on the other host.
   *
   * @throws PodkitException of kind USAGE if it is a pod
   */
  Departure beginForEngine(PodName name, String migration) throws PodkitException;

  /**
   * Locks a running pod, to be looked at as a migration would; its record stays as it is, and it is
   * let go on should this process die while it has stopped the pod.
   *
   * @param migration id of a migration that is not made
   */
  RunningPod look(PodName name, String migration) throws PodkitException;

  /**
   * Takes up a pod that a dead process left in LEAVING, IN_DOUBT or SERVING.
   *
   * @throws PodkitException of kind CONFLICT if that process still lives
   */
  Departure resume(PodName name) throws PodkitException;
}
