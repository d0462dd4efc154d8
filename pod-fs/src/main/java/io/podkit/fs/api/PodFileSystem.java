package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import io.podkit.fs.wiring.Wiring;
import java.nio.file.Path;

/**
 * The files of one host's pods: the way in to this module. Thread-safe; opening it touches nothing.
 */
public interface PodFileSystem {

  /**
   * The files under those directories.
   *
   * @param podInit the static helper that becomes {@code /.pod/init} in every new pod
   */
  static PodFileSystem open(HostDirs dirs, Path podInit) {
    return Wiring.open(dirs, podInit);
  }

  /** The images. */
  ImageStore images();

  /** The layers. */
  LayerStore layers();

  /** Where layers lie on shared storage. */
  LayerSources layerSources();

  /** What the disk beneath pods' files can keep. */
  HostStorage storage();

  /** What pods see as their root. */
  StagingFs staging();

  /** Copying trees between hosts. */
  Trees trees();

  /** Comparing volumes and putting them in place. */
  VolumeFiles volumeFiles();

  /**
   * Safe access to a tree that a pod writes to: a mounted root, an upper directory, or {@code
   * /proc/PID/root}.
   *
   * @throws PodkitException NOT_FOUND if there is no such directory
   */
  RootedFiles rooted(Path directory) throws PodkitException;

  /** The files of a mounted pod; what is made there belongs to the pod's root. */
  RootedFiles rooted(MountedRoot root) throws PodkitException;
}
