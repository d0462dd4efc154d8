package io.podkit.core.api;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running pod as it would leave this host: looked at, not changed. Holds the pod's lock until it
 * is closed, so that nobody stops or moves it meanwhile. Not thread-safe.
 */
public interface RunningPod extends AutoCloseable {
  PodStatus pod() throws PodkitException;

  /**
   * Digests of the layers it stands on, lowest first; empty for a pod on a directory of this host.
   * For a container its image is made layers of, if no container was moved from it before: that
   * takes a while.
   */
  List<String> layers() throws PodkitException;

  /**
   * What the target needs to become the pod's owner: opaque to all but {@link Arrivals}.
   *
   * @param layers digests of the layers it will stand on there, lowest first
   */
  byte[] record(List<String> layers) throws PodkitException;

  /** Memory the pod's processes hold now, in bytes; an estimate for the target's preflight. */
  long memoryBytes() throws PodkitException;

  /** The trees that travel, volumes excluded. */
  List<PodTree> trees() throws PodkitException;

  /**
   * Its volumes, unmeasured.
   *
   * @param found gets what stands in the way of their moving; such a volume is not offered
   */
  List<VolumeOffer> volumes(List<HostCheck> found) throws PodkitException;

  /**
   * What the target wants to know of one of them before it decides; may read all of it.
   *
   * @param open the target's word so far
   * @param found gets what stands in the way of its travelling; then nothing is returned
   */
  Optional<VolumeOffer> measure(VolumeFate open, List<HostCheck> found) throws PodkitException;

  /**
   * Marks the volumes, so that the target can tell storage that both hosts share from a directory
   * of the same name.
   *
   * @return removes the marks
   */
  Marks markVolumes() throws PodkitException;

  /** Marks in volumes, until closed. */
  interface Marks extends AutoCloseable {
    @Override
    void close() throws PodkitException;
  }

  /**
   * Which files of its trees its processes have mapped: what they store there nobody tells of.
   *
   * @param trees of this pod
   * @return by a tree's label
   */
  Map<String, MappedFiles> mappedFiles(List<PodTree> trees) throws PodkitException;

  /** What stands in the way of a dump, found without touching the pod; empty if nothing does. */
  List<HostCheck> blockers() throws PodkitException;

  /** Its running processes. */
  PodProcesses processes() throws PodkitException;

  /** Lets go of it. */
  @Override
  void close() throws PodkitException;
}
