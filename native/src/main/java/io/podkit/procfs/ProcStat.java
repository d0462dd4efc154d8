package io.podkit.procfs;

import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's short description of a process, /proc/PID/stat.
 *
 * @param pid in the reader's pid namespace
 * @param command the name of its program, at most 15 bytes, chosen by the process itself
 * @param state {@code R} running, {@code S} sleeping, {@code D} disk, {@code T} stopped, {@code t}
 *     traced, {@code Z} zombie, {@code X} dead
 * @param parent the parent's pid, 0 if it is outside the reader's pid namespace
 * @param session the session's id, 0 if it is outside
 * @param startTime since boot, in clock ticks (100 a second)
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
public record ProcStat(
    Pid pid, String command, char state, long parent, long session, long startTime) {

  // Fields after the command's closing parenthesis, counted from 0.
  private static final int STATE = 0;
  private static final int PARENT = 1;
  private static final int SESSION = 3;
  private static final int START_TIME = 19;

  /** One process, or empty if there is none of that pid. */
  public static Optional<ProcStat> of(Path proc, Pid pid) throws IOException {
    Optional<String> text = ProcFile.readIfAlive(proc, pid, "stat");
    return text.isPresent() ? Optional.of(parse(text.get())) : Optional.empty();
  }

  /** All processes; those that end while we look may be missing. */
  public static List<ProcStat> all(Path proc) throws IOException {
    List<ProcStat> all = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(proc, "[1-9]*")) {
      for (Path directory : directories) {
        of(proc, Pid.parse(directory.getFileName().toString())).ifPresent(all::add);
      }
    }
    return all;
  }

  /** Whether it has ended and only waits for its parent to notice. */
  public boolean isZombie() {
    return state == 'Z' || state == 'X';
  }

  static ProcStat parse(String text) throws IOException {
    // The command may contain anything, blanks and parentheses too: its end is the last ')'.
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    try {
      List<String> fields = ProcFile.words(text.substring(close + 1));
      return new ProcStat(
          Pid.parse(text.substring(0, open)),
          text.substring(open + 1, close),
          fields.get(STATE).charAt(0),
          Long.parseLong(fields.get(PARENT)),
          Long.parseLong(fields.get(SESSION)),
          Long.parseLong(fields.get(START_TIME)));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw ProcFile.malformed("stat", text);
    }
  }
}
