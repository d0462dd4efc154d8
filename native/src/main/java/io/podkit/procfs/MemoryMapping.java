package io.podkit.procfs;

import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One mapping of a process's address space, a line of /proc/PID/maps.
 *
 * @param start address of its first byte
 * @param end address of the first byte after it
 * @param permissions {@code rwx} or {@code -} each, then {@code p} for private, {@code s} for
 *     shared
 * @param offset in the file, of the first byte
 * @param major of the device the file is on; 0 without a file
 * @param minor of that device
 * @param inode of the file; 0 without one
 * @param name path of the file, or what the kernel calls the mapping; empty without a name
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html">proc_pid_maps(5)</a>
 */
public record MemoryMapping(
    long start,
    long end,
    String permissions,
    long offset,
    int major,
    int minor,
    long inode,
    String name) {

  private static final int PERMISSIONS = 4;
  private static final int HEX = 16;
  private static final int FIELDS = 6;

  /** All mappings of one process, ascending; empty if there is no process of that pid. */
  public static Optional<List<MemoryMapping>> of(Path proc, Pid pid) throws IOException {
    Optional<String> text = ProcFile.readIfAlive(proc, pid, "maps");
    return text.isPresent() ? Optional.of(parse(text.get())) : Optional.empty();
  }

  /** Those of one process that are shared and have a file; empty if there is no such process. */
  public static List<MemoryMapping> sharedFiles(Path proc, Pid pid) throws IOException {
    Optional<String> text = ProcFile.readIfAlive(proc, pid, "maps");
    List<MemoryMapping> shared = new ArrayList<>();
    for (String line : text.orElse("").split("\n", -1)) {
      int blank = line.indexOf(' ');
      // Most lines are others, and there may be very many.
      if (blank >= 0 && line.startsWith("s ", blank + PERMISSIONS)) {
        MemoryMapping mapping = line(line);
        if (mapping.hasFile()) {
          shared.add(mapping);
        }
      }
    }
    return shared;
  }

  static List<MemoryMapping> parse(String text) throws IOException {
    List<MemoryMapping> mappings = new ArrayList<>();
    for (int at = 0, end; at < text.length(); at = end + 1) {
      end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      mappings.add(line(text.substring(at, end)));
    }
    return mappings;
  }

  private static MemoryMapping line(String line) throws IOException {
    // The name may hold blanks and anything else but a newline, which the kernel escapes.
    String[] fields = line.split(" +", FIELDS);
    try {
      int dash = fields[0].indexOf('-');
      int colon = fields[3].indexOf(':');
      if (fields[1].length() != PERMISSIONS) {
        throw ProcFile.malformed("maps", line);
      }
      return new MemoryMapping(
          Long.parseUnsignedLong(fields[0].substring(0, dash), HEX),
          Long.parseUnsignedLong(fields[0].substring(dash + 1), HEX),
          fields[1],
          Long.parseUnsignedLong(fields[2], HEX),
          Integer.parseInt(fields[3].substring(0, colon), HEX),
          Integer.parseInt(fields[3].substring(colon + 1), HEX),
          Long.parseUnsignedLong(fields[4]),
          fields.length < FIELDS ? "" : fields[5]);
    } catch (RuntimeException e) {
      throw ProcFile.malformed("maps", line);
    }
  }

  /** Bytes. */
  public long length() {
    return end - start;
  }

  public boolean isShared() {
    return permissions.charAt(PERMISSIONS - 1) == 's';
  }

  public boolean isWritable() {
    return permissions.charAt(1) == 'w';
  }

  /** Whether a file, or a shared memory object, is behind it. */
  public boolean hasFile() {
    return inode != 0;
  }
}
