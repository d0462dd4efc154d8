package io.podkit.core.launch;

import io.podkit.core.store.InitProcess;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tells a process from a later one with the same pid, by its start time and the boot it belongs to.
 */
public final class ProcessIdentities {
  private ProcessIdentities() {}

  /** The identity of a process that is known to exist. */
  public static InitProcess identify(long pid) throws PodkitException {
    Long started = startTime(pid);
    if (started == null) {
      throw PodkitException.notFound("process " + pid + " has ended");
    }
    return new InitProcess(pid, started, bootId());
  }

  /** Whether that very process still exists and is not a zombie. */
  public static boolean isAlive(InitProcess process) throws PodkitException {
    Long started = startTime(process.pid());
    return started != null && started == process.startTime() && process.bootId().equals(bootId());
  }

  private static String bootId() throws PodkitException {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
    } catch (IOException e) {
      throw PodkitException.io("cannot read the id of this boot", e);
    }
  }

  /**
   * Field 22 of {@code /proc/PID/stat}; null if there is no such process or only its zombie is
   * left.
   */
  private static @Nullable Long startTime(long pid) throws PodkitException {
    try {
      // A process chooses its own name, of any bytes.
      String stat =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      // The name in parentheses may itself hold parentheses and spaces.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean gone = fields[0].equals("Z") || fields[0].equals("X");
      return gone ? null : Long.valueOf(fields[19]);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      if (!Files.exists(Path.of("/proc", Long.toString(pid)))) {
        return null; // ESRCH: it ended while we were reading
      }
      throw PodkitException.io("cannot look at process " + pid, e);
    }
  }
}
