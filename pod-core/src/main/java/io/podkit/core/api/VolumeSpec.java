package io.podkit.core.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A directory or file of the host, or a named volume, that a pod sees at a path of its own. Exactly
 * one of {@code source} and {@code name} is given.
 *
 * @param source absolute path on the host, the same on every host; null for a named volume
 * @param name a volume that each host keeps where it keeps its pods; null for a path
 * @param destination absolute path in the pod
 * @param readOnly whether the pod may only read it
 * @param sharing what the user said; null lets each move find out
 */
public record VolumeSpec(
    @Nullable Path source,
    @Nullable VolumeName name,
    Path destination,
    boolean readOnly,
    @Nullable Sharing sharing) {
  private static final String FORM = "SRC:DST[:ro|rw][:shared|private]";

  /** Refuses relative paths, and {@code /} as the destination. */
  public VolumeSpec {
    source = source == null ? null : source.normalize();
    destination = destination.normalize();
    if ((source == null) == (name == null)
        || (source != null && !source.isAbsolute())
        || !destination.isAbsolute()
        || destination.getNameCount() == 0) {
      throw new IllegalArgumentException(
          "volume "
              + (source == null ? name : source)
              + ":"
              + destination
              + " needs an absolute path or a name, and an absolute destination other than /");
    }
  }

  /** A directory or file of the host, of which the user did not say more. */
  public static VolumeSpec of(Path source, Path destination, boolean readOnly) {
    return new VolumeSpec(source, null, destination, readOnly, null);
  }

  /** Parses {@code SRC:DST[:OPTION...]}; options may also be separated by commas. */
  public static VolumeSpec parse(String text) {
    List<String> parts = List.of(text.split(":", -1));
    if (parts.size() < 2 || parts.get(0).isEmpty() || parts.get(1).isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' is not a volume: write " + FORM);
    }
    Options options = new Options(text);
    for (String group : parts.subList(2, parts.size())) {
      List.of(group.split(",", -1)).forEach(options::add);
    }
    boolean path = parts.get(0).startsWith("/");
    if (!path && parts.get(0).contains("/")) {
      throw new IllegalArgumentException(
          "'" + text + "': " + parts.get(0) + " is relative: write the path from / on");
    }
    return new VolumeSpec(
        path ? Path.of(parts.get(0)) : null,
        path ? null : new VolumeName(parts.get(0)),
        Path.of(parts.get(1)),
        options.mode != null && options.mode.equals("ro"),
        options.sharing);
  }

  /** What follows the two paths; each may be said once. */
  private static final class Options {
    private final String text;
    private @Nullable String mode;
    private @Nullable Sharing sharing;

    Options(String text) {
      this.text = text;
    }

    void add(String option) {
      switch (option) {
        case "ro", "rw" -> {
          refuse(mode != null, "ro or rw is said twice");
          mode = option;
        }
        case "shared", "private" -> {
          refuse(sharing != null, "shared or private is said twice");
          sharing = option.equals("shared") ? Sharing.SHARED : Sharing.PRIVATE;
        }
        default ->
            refuse(true, "'" + option + "' is no option: there is ro, rw, shared and private");
      }
    }

    private void refuse(boolean wrong, String why) {
      if (wrong) {
        throw new IllegalArgumentException("'" + text + "': " + why);
      }
    }
  }

  /** What it is called among the trees of a pod that moves. */
  public String label() {
    return "volume:" + destination;
  }

  /** Its source as the user wrote it. */
  public String shownSource() {
    return Objects.requireNonNull(source == null ? name : source).toString();
  }
}
