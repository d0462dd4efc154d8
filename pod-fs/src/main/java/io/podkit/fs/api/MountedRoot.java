package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * A staging filesystem that is mounted. Closing unmounts it and gives its layers back; closing
 * again does nothing. {@link #detach()} leaves it mounted beyond the life of this object. Not
 * thread-safe.
 */
public interface MountedRoot extends AutoCloseable {

  /** Whose it is. */
  StagingName name();

  /** Whose its files are on this host. */
  FileOwners owners();

  /** The pod's {@code /}: an overlay, private to this mount namespace. */
  Path root();

  /** The pod's {@code /dev}: a tmpfs with the standard nodes. */
  Path dev();

  /** The pod's {@code /dev/shm}: a tmpfs. */
  Path shm();

  /**
   * What is to be bound into the pod for one of its volumes: the host's own path, or the same with
   * the pod's owners.
   *
   * @param number its place in {@link StagingSpec#volumes}
   */
  Path volume(int number);

  /** Hands the mounts over to the host: {@link #close()} will do nothing. */
  void detach();

  /**
   * Unmounts everything. A mount still in use disappears from the tree at once and is released by
   * the kernel when its last user leaves.
   */
  @Override
  void close() throws PodkitException;
}
