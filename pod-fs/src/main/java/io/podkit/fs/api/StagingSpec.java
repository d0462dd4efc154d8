package io.podkit.fs.api;

import java.nio.file.Path;
import java.util.List;

/**
 * A staging filesystem: what a pod sees as {@code /}, {@code /dev} and {@code /dev/shm}.
 *
 * @param name whose it is
 * @param lower what it is stacked on
 * @param shmBytes size limit of {@code /dev/shm} in bytes
 * @param owners whose its files are on this host
 * @param volumes files and directories of the host that it is to see, too
 */
public record StagingSpec(
    StagingName name, Lower lower, long shmBytes, FileOwners owners, List<Path> volumes) {

  /** The size of {@code /dev/shm} when nobody says: 64 MiB, as other engines have it. */
  public static final long DEFAULT_SHM_BYTES = 64L << 20;

  /** Refuses a size that is not positive; copies the list. */
  public StagingSpec {
    volumes = List.copyOf(volumes);
    if (shmBytes <= 0) {
      throw new IllegalArgumentException("/dev/shm of " + shmBytes + " bytes");
    }
  }

  /** The usual one. */
  public static StagingSpec of(StagingName name, Lower lower) {
    return new StagingSpec(name, lower, DEFAULT_SHM_BYTES, FileOwners.SAME, List.of());
  }

  /** The same with other owners. */
  public StagingSpec ownedBy(FileOwners others) {
    return new StagingSpec(name, lower, shmBytes, others, volumes);
  }

  /** The same with these volumes. */
  public StagingSpec seeing(List<Path> others) {
    return new StagingSpec(name, lower, shmBytes, owners, others);
  }
}
