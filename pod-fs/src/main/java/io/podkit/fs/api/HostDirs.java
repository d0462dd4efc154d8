package io.podkit.fs.api;

import java.nio.file.Path;

/**
 * Where one host keeps its pods. Two such pairs on one machine are two hosts.
 *
 * @param root absolute directory of everything that outlives a reboot; {@code /var/lib/pod} if the
 *     user does not say
 * @param run absolute directory of mount points, locks and reference counts; {@code /run/pod} if
 *     the user does not say
 */
public record HostDirs(Path root, Path run) {

  /** Normalises both and refuses relative paths. */
  public HostDirs {
    root = root.normalize();
    run = run.normalize();
    if (!root.isAbsolute() || !run.isAbsolute()) {
      throw new IllegalArgumentException(
          "--root " + root + " and --run " + run + " must be absolute");
    }
  }

  /** The directories of a host that was not told otherwise. */
  public static HostDirs standard() {
    return new HostDirs(Path.of("/var/lib/pod"), Path.of("/run/pod"));
  }

  /** The layers' files, {@code HEX.sqfs}. */
  public Path layers() {
    return root.resolve("layers").resolve("sha256");
  }

  /** Which directories on shared storage have layers, too. */
  public Path layerSources() {
    return root.resolve("layer-sources.json");
  }

  /** One JSON file for each image. */
  public Path images() {
    return root.resolve("images");
  }

  /** What a pod keeps between its runs: its record, {@code upper}, {@code work}. */
  public Path pod(StagingName name) {
    return root.resolve("pods").resolve(name.value());
  }

  /** A pod's mount points: {@code root}, {@code dev}, {@code shm}. */
  public Path podRun(StagingName name) {
    return run.resolve("pods").resolve(name.value());
  }

  /** Where layers are mounted and where their users are counted. */
  public Path layerMounts() {
    return run.resolve("layers");
  }

  /** Where the hook of container engines notes what they started. */
  public Path containerNotes() {
    return run.resolve("containers");
  }

  /** Lock files. */
  public Path locks() {
    return run.resolve("locks");
  }
}
