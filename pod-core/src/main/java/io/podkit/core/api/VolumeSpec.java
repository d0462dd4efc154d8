package io.podkit.core.api;

import java.nio.file.Path;

/**
 * A directory or file of the host that a pod sees at a path of its own.
 *
 * @param source absolute path on the host
 * @param destination absolute path in the pod
 * @param readOnly whether the pod may only read it
 */
public record VolumeSpec(Path source, Path destination, boolean readOnly) {
  public VolumeSpec {
    source = source.normalize();
    destination = destination.normalize();
    if (!source.isAbsolute() || !destination.isAbsolute() || destination.getNameCount() == 0) {
      throw new IllegalArgumentException(
          "volume "
              + source
              + ":"
              + destination
              + " needs absolute paths and a destination other than /");
    }
  }

  /** Parses {@code SRC:DST[:ro|rw]}. */
  public static VolumeSpec parse(String text) {
    String[] parts = text.split(":", -1);
    boolean modeGiven = parts.length == 3;
    if (parts.length < 2 || parts.length > 3 || (modeGiven && !parts[2].matches("ro|rw"))) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a volume: write SRC:DST or SRC:DST:ro");
    }
    return new VolumeSpec(Path.of(parts[0]), Path.of(parts[1]), modeGiven && parts[2].equals("ro"));
  }
}
