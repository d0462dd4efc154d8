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
   * volumes; and what would become of its volumes. Marks of {@link RunningPod#markVolumes} lie in
   * them meanwhile.
   *
   * @param replace whether volumes with other content here are to give way
   */
  ArrivalForecast forecast(
      byte[] record, long memoryBytes, long diskBytes, List<VolumeOffer> volumes, boolean replace)
      throws PodkitException;

  /**
   * Reserves the name and prepares the pod's directories. The layers it names must be here.
   *
   * @param volumes what was agreed on
   */
  Arrival prepare(byte[] record, String migration, List<VolumeFate> volumes) throws PodkitException;

  /** Removes what a pod that runs here has replaced when it came; usually nothing is left of it. */
  void tidy(PodName name) throws PodkitException;

  /**
   * Takes up a pod that runs here and whose memory nobody fetches any more.
   *
   * @param migration the migration it came by
   * @throws PodkitException CONFLICT if somebody fetches it, or all of it is here
   */
  FillingPod resume(PodName name, String migration) throws PodkitException;

  /**
   * Clears up what a dead process left of a pod that was coming here.
   *
   * @param migration the migration it came by
   * @return the pod's status if it was let run and its end, if it has ended, was witnessed;
   *     otherwise every trace of it was removed. Also empty if there is no pod of that migration
   * @throws PodkitException of kind CONFLICT if somebody is still at work on it
   */
  Optional<PodStatus> settle(PodName name, String migration) throws PodkitException;
}
