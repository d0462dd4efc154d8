package io.podkit.fs.staging;

import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.StagingName;
import java.nio.file.Path;

/**
 * Where the parts of one staging filesystem lie.
 *
 * @param upper takes the pod's writes
 * @param work the overlay's own, on the same filesystem
 * @param mounts holds the mount points
 */
record StagingPaths(Path upper, Path work, Path mounts) {

  static StagingPaths of(HostDirs dirs, StagingName name) {
    Path pod = dirs.pod(name);
    return new StagingPaths(pod.resolve("upper"), pod.resolve("work"), dirs.podRun(name));
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
}
