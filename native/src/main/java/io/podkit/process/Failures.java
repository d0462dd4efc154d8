package io.podkit.process;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The errors and hints of this package, side by side so that they can be reviewed together. */
final class Failures {

  /** Lines of standard error that go into a message: enough for a reason, not a page. */
  private static final int TAIL_LINES = 8;

  /** ENOENT as JDK 17 writes it ({@code error=2,}) and as JDK 25 does ({@code error: 2 (}). */
  private static final Pattern NO_SUCH_FILE = Pattern.compile("error[=:] ?2\\b");

  private Failures() {}

  static PodkitException cannotStart(Command command, IOException cause) {
    String program = command.program();
    Path directory = command.directory();
    if (directory != null && !Files.isDirectory(directory)) {
      return new PodkitException(
          ErrorKind.NOT_FOUND, "cannot start " + program + " in " + directory, null, cause);
    }
    if (NO_SUCH_FILE.matcher(String.valueOf(cause.getMessage())).find()) {
      return new PodkitException(
          ErrorKind.NOT_FOUND,
          "program not found: " + program,
          new Hint("install the package that provides " + program + ", or correct PATH"),
          cause);
    }
    return PodkitException.io("cannot start " + program, cause);
  }

  static PodkitException failed(String what, String program, CommandResult result) {
    String said = tail(result.stderr());
    String reason = program + " ended with " + result.status();
    return PodkitException.of(
        ErrorKind.COMMAND, what + ": " + reason + (said.isEmpty() ? "" : ": " + said));
  }

  static PodkitException timedOut(String program, Duration timeout) {
    return PodkitException.timeout(
        program + " did not end within " + timeout.toMillis() + " ms and was killed");
  }

  static PodkitException cancelled(String program) {
    return PodkitException.cancelled("interrupted while " + program + " was running");
  }

  static PodkitException stream(String program, IOException cause) {
    return new PodkitException(ErrorKind.COMMAND, program + ": " + cause.getMessage(), null, cause);
  }

  private static String tail(String stderr) {
    List<String> lines = stderr.strip().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }
}
