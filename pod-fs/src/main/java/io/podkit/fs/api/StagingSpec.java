package io.podkit.fs.api;

/**
 * A staging filesystem: what a pod sees as {@code /}, {@code /dev} and {@code /dev/shm}.
 *
 * @param name whose it is
 * @param lower what it is stacked on
 * @param shmBytes size limit of {@code /dev/shm} in bytes
 */
public record StagingSpec(StagingName name, Lower lower, long shmBytes) {

  /** The size of {@code /dev/shm} when nobody says: 64 MiB, as other engines have it. */
  public static final long DEFAULT_SHM_BYTES = 64L << 20;

  /** Refuses a size that is not positive. */
  public StagingSpec {
    if (shmBytes <= 0) {
      throw new IllegalArgumentException("/dev/shm of " + shmBytes + " bytes");
    }
  }

  /** The usual one. */
  public static StagingSpec of(StagingName name, Lower lower) {
    return new StagingSpec(name, lower, DEFAULT_SHM_BYTES);
  }
}
