package io.podkit.procfs;

import io.podkit.linux.Device;
import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounts that a process sees, in the order they were made.
 *
 * @param mounts all of them; a later one may hide an earlier one
 * @see <a
 *     href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">proc_pid_mountinfo(5)</a>
 */
public record MountInfo(List<MountEntry> mounts) {

  private static final int FIXED_FIELDS = 6;

  /** Copies the list. */
  public MountInfo {
    mounts = List.copyOf(mounts);
  }

  /** This process's own mounts. */
  public static MountInfo self(Path proc) throws IOException {
    return parse(ProcFile.lines(proc.resolve("self/mountinfo")));
  }

  /** The mounts another process sees. */
  public static MountInfo of(Path proc, Pid pid) throws IOException {
    return parse(ProcFile.lines(ProcFile.of(proc, pid, "mountinfo")));
  }

  /** The mount on top at exactly that place. */
  public Optional<MountEntry> at(Path mountPoint) {
    return mounts.stream()
        .filter(m -> m.mountPoint().equals(mountPoint))
        .reduce((earlier, later) -> later);
  }

  /** The mounts at or below that directory, the last made first: the order to unmount them. */
  public List<MountEntry> under(Path directory) {
    List<MountEntry> found = new ArrayList<>();
    for (MountEntry mount : mounts) {
      if (mount.mountPoint().startsWith(directory)) {
        found.add(0, mount);
      }
    }
    return found;
  }

  static MountInfo parse(List<String> lines) throws IOException {
    List<MountEntry> mounts = new ArrayList<>();
    for (String line : lines) {
      mounts.add(entry(line));
    }
    return new MountInfo(mounts);
  }

  private static MountEntry entry(String line) throws IOException {
    try {
      List<String> words = List.of(line.split(" ", -1));
      int dash = words.subList(FIXED_FIELDS, words.size()).indexOf("-") + FIXED_FIELDS;
      if (dash < FIXED_FIELDS) {
        throw ProcFile.malformed("mountinfo", line);
      }
      return new MountEntry(
          Integer.parseInt(words.get(0)),
          Integer.parseInt(words.get(1)),
          device(words.get(2)),
          unescape(words.get(3)),
          Path.of(unescape(words.get(4))),
          options(words.get(5)),
          words.subList(FIXED_FIELDS, dash),
          unescape(words.get(dash + 1)),
          unescape(words.get(dash + 2)),
          options(words.get(dash + 3)));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw ProcFile.malformed("mountinfo", line);
    }
  }

  private static Device device(String text) {
    int colon = text.indexOf(':');
    return new Device(
        Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  private static List<String> options(String text) {
    return List.of(unescape(text).split(",", -1));
  }

  /** Blank, tab, newline, backslash and # are written as a backslash and three octal digits. */
  static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text, i + 1, i + 4, 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }
}
