package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The most memory that this process held on top of what it held when this was made.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">VmHWM and VmRSS</a>
 */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /** Written there, the peak becomes what is held now. */
  private static final String RESET_PEAK = "5";

  private static final long KIB = 1024;

  private final long before;

  private PeakMemory(long before) {
    this.before = before;
  }

  /** From now on. */
  static PeakMemory fromNow() throws PodkitException {
    try {
      Files.writeString(CLEAR, RESET_PEAK);
      return new PeakMemory(read("VmRSS:"));
    } catch (IOException e) {
      throw PodkitException.io("cannot measure memory", e);
    }
  }

  /** Bytes; empty if the kernel does not tell. */
  OptionalLong extra() {
    try {
      return OptionalLong.of(Math.max(0, read("VmHWM:") - before));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static long read(String field) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.substring(field.length()).replace("kB", "").strip()) * KIB;
      }
    }
    throw new IOException("no " + field + " in " + STATUS);
  }
}
