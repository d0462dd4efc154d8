package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The staging filesystems of one host. The caller holds the pod's lock: no two calls may work on
 * the same name at once; calls on different names may.
 */
public interface StagingFs {

  /**
   * Makes the directories of a new pod, and in them {@code /.pod} with {@code init}, {@code exec}
   * and empty output files.
   *
   * @throws PodkitException CONFLICT if there are such directories already, UNSUPPORTED if no
   *     overlay can be made here (the hint says why)
   */
  void create(StagingSpec spec) throws PodkitException;

  /**
   * Makes the directories of a pod that comes from another host: all empty, for {@link TreeTarget}
   * to fill.
   *
   * @throws PodkitException as {@link #create}
   */
  void createEmpty(StagingSpec spec) throws PodkitException;

  /**
   * Mounts layers, overlay, {@code dev} and {@code shm}. What an earlier run left mounted under
   * this name is unmounted first.
   *
   * @return the mounts, owned by the caller; if this throws, nothing is mounted
   */
  MountedRoot mount(StagingSpec spec) throws PodkitException;

  /**
   * Mounts what does not need the pod's own files: its layers, {@code dev} and {@code shm}, so that
   * trees from another host can be put there; the rest follows with {@link StagedMounts#complete}.
   * Otherwise as {@link #mount}.
   */
  StagedMounts mountDevices(StagingSpec spec) throws PodkitException;

  /** The mounts of that pod if it is mounted, owned by the caller. */
  Optional<MountedRoot> attach(StagingSpec spec) throws PodkitException;

  /** Unmounts whatever is mounted under that name and ends its use of layers. Idempotent. */
  void unmount(StagingName name) throws PodkitException;

  /** Unmounts and removes the pod's upper and work directories and mount points. Idempotent. */
  void remove(StagingName name) throws PodkitException;

  /** The directory that takes a pod's writes; it travels with the pod. */
  Path upper(StagingName name);
}
