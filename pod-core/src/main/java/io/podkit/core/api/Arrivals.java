package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.util.List;
import java.util.Optional;

/** The target side of a move, on one host. */
public interface Arrivals {
  /** Reads the record a source sent, checking everything in it. */
  PodStatus read(byte[] record) throws PodkitException;

  /**
   * What stands in the way of this pod's coming here: name or address in use, CPU features,
   * volumes; empty if nothing.
   */
  List<HostCheck> blockers(byte[] record, long memoryBytes, long diskBytes) throws PodkitException;

  /** Reserves the name and prepares the pod's directories. The layers it names must be here. */
  Arrival prepare(byte[] record, String migration) throws PodkitException;

  /**
   * Ends what a dead process left in ARRIVING.
   *
   * @param owned whether the durable decision was that this host owns the pod
   * @return the pod's status if its processes were found alive and it was kept; otherwise every
   *     trace was removed
   */
  Optional<PodStatus> settle(PodName name, boolean owned) throws PodkitException;
}
