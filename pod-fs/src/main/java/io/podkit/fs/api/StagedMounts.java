package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * A staging filesystem that is mounted up to its root. Closing unmounts it unless it was completed;
 * closing again does nothing. Not thread-safe.
 */
public interface StagedMounts extends AutoCloseable {

  /** The pod's {@code /dev}: a tmpfs with the standard nodes. */
  Path dev();

  /** The pod's {@code /dev/shm}: a tmpfs, empty. */
  Path shm();

  /**
   * Mounts the root.
   *
   * @return all the mounts, owned by the caller; if this throws, they stay with this object
   */
  MountedRoot complete() throws PodkitException;

  @Override
  void close() throws PodkitException;
}
