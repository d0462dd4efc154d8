package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.util.List;
import java.util.Map;

/** The named volumes of this host, and what pods left behind. Thread-safe. */
public interface Volumes {
  /**
   * Makes an empty one.
   *
   * @throws PodkitException of kind CONFLICT if there is one of that name
   */
  VolumeStatus create(VolumeName name, Map<String, String> labels) throws PodkitException;

  /** All, by name, then by path. */
  List<VolumeStatus> list() throws PodkitException;

  /**
   * One of them.
   *
   * @throws PodkitException of kind NOT_FOUND if there is none of that name
   */
  VolumeStatus get(VolumeName name) throws PodkitException;

  /**
   * Removes it with its content.
   *
   * @param force even if pods have it that do not run
   * @throws PodkitException of kind CONFLICT if a pod has it
   */
  void remove(VolumeName name, boolean force) throws PodkitException;

  /**
   * Removes the named volumes that no pod has, and forgets paths that were left behind and are
   * gone.
   *
   * @return their names and paths
   */
  List<String> prune() throws PodkitException;
}
