package io.podkit.fs.staging;

import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.StagingName;
import java.nio.file.Path;

/**
 * Where the parts of one staging filesystem lie.
 *
 * @param disk holds what outlives the mounts
 * @param run the host's directory of what a reboot ends
 * @param mounts holds the mount points, beneath {@code run}
 */
record StagingPaths(Path disk, Path run, Path mounts) {

  static StagingPaths of(HostDirs dirs, StagingName name) {
    return new StagingPaths(dirs.pod(name), dirs.run(), dirs.podRun(name));
  }

  /** Takes the pod's writes. */
  Path upper() {
    return upperIn(disk);
  }

  /** The overlay's own, on the same filesystem. */
  Path work() {
    return workIn(disk);
  }

  /** {@link #upper} where {@link #disk} is mounted once more. */
  static Path upperIn(Path disk) {
    return disk.resolve("upper");
  }

  /** {@link #work} where {@link #disk} is mounted once more. */
  static Path workIn(Path disk) {
    return disk.resolve("work");
  }

  Path root() {
    return mounts.resolve("root");
  }

  Path dev() {
    return mounts.resolve("dev");
  }

  Path shm() {
    return mounts.resolve("shm");
  }

  /** Where {@link #disk} is mounted with shifted owners. */
  Path shiftedDisk() {
    return mounts.resolve("disk");
  }

  /** Where a lower directory is mounted with shifted owners, the lowest being 0. */
  Path shiftedLower(int number) {
    return mounts.resolve("lower" + number);
  }

  /** Where a volume is mounted with shifted owners. */
  Path shiftedVolume(int number) {
    return mounts.resolve("volume" + number);
  }
}
