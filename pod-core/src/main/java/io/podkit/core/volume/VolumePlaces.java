package io.podkit.core.volume;

import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeSpec;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.procfs.MountInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Where volumes lie on this host. Thread-safe. */
public final class VolumePlaces {
  private static final Path PROC = Path.of("/proc");

  private final HostDirs dirs;

  /** Those of one host. */
  public VolumePlaces(HostDirs dirs) {
    this.dirs = dirs;
  }

  /** What a pod sees of it: the path the user said, or the content of a named volume. */
  public Path of(VolumeSpec volume) {
    return volume.name() == null
        ? Objects.requireNonNull(volume.source(), "a volume has a name or a path")
        : content(volume.name());
  }

  /** Where all named volumes are. */
  Path all() {
    return dirs.root().resolve("volumes");
  }

  /** Where a named volume is: its description and its content. */
  Path directory(VolumeName name) {
    return all().resolve(name.value());
  }

  /** The content of a named volume. */
  Path content(VolumeName name) {
    return directory(name).resolve("data");
  }

  /** Where it is noted what pods left behind. */
  Path left() {
    return dirs.root().resolve("volumes-left");
  }

  /** Where programs and settings of a host lie: what is written there, its root soon executes. */
  private static final List<Path> SYSTEM =
      Stream.of(
              "/bin",
              "/boot",
              "/dev",
              "/etc",
              "/lib",
              "/lib32",
              "/lib64",
              "/libx32",
              "/proc",
              "/root",
              "/run",
              "/sbin",
              "/sys",
              "/usr",
              "/var/spool")
          .map(Path::of)
          .toList();

  /**
   * Whether another host may put content there: not where this host's own programs, settings, pods
   * and keys are. Named volumes have a place of their own.
   *
   * @param place of the volume, without links
   */
  boolean mayReceive(VolumeSpec volume, Path place) {
    return volume.name() != null
        || !(isVital(place)
            || place.startsWith(dirs.root())
            || place.startsWith(dirs.run())
            || SYSTEM.stream().anyMatch(place::startsWith));
  }

  /** Whether this host could not live without what is there, or keeps its pods in it. */
  boolean isVital(Path place) {
    return dirs.root().startsWith(place) || dirs.run().startsWith(place);
  }

  /**
   * That place without links, as far as it exists.
   *
   * @throws PodkitException if the last component is a link that leads nowhere
   */
  static Path real(Path place) throws PodkitException {
    Path existing = place;
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = Objects.requireNonNull(existing.getParent(), "/ exists");
    }
    try {
      return existing.toRealPath().resolve(existing.relativize(place)).normalize();
    } catch (IOException e) {
      throw PodkitException.io("cannot find out where " + place + " is", e);
    }
  }

  /** The directories above it that do not exist, the uppermost first. */
  static List<Path> missingAbove(Path place) {
    List<Path> missing = new ArrayList<>();
    for (Path above = place.getParent();
        above != null && !Files.exists(above);
        above = above.getParent()) {
      missing.add(above);
    }
    Collections.reverse(missing);
    return missing;
  }

  /** Whether a filesystem, or a file, is mounted at exactly that place. */
  static boolean isMountPoint(Path place) throws PodkitException {
    try {
      return MountInfo.self(PROC).at(place).isPresent();
    } catch (IOException e) {
      throw PodkitException.io("cannot read this host's mounts", e);
    }
  }

  /** Whether one lies in the other, or they are the same. */
  static boolean overlap(Path one, Path other) {
    return one.startsWith(other) || other.startsWith(one);
  }
}
