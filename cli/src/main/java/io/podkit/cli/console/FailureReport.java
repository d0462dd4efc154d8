package io.podkit.cli.console;

import io.podkit.criu.CriuException;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a failure the way users see it:
 *
 * <pre>
 * error: cannot checkpoint pod web-1: CRIU dump failed
 * hint:  a process holds a TCP connection; ...
 * log:   /var/lib/pod/pods/web-1/dump.log, last error:
 *        (00.041) Error (criu/sk-inet.c:200): inet: Connected TCP socket, ...
 * </pre>
 *
 * What it writes may come from logs and peers, so control characters are replaced.
 */
public final class FailureReport {
  private static final String INDENT = " ".repeat("error: ".length());

  private final PrintWriter err;
  private final boolean withStackTrace;

  public FailureReport(PrintWriter err, boolean withStackTrace) {
    this.err = err;
    this.withStackTrace = withStackTrace;
  }

  /** Writes any failure; what is not a {@link PodkitException} is a defect and is called so. */
  public void write(Throwable failure) {
    if (failure instanceof PodkitException known) {
      error(known.what());
      hint(known.hint());
      log(failure);
    } else if (failure instanceof InterruptedException) {
      error("cancelled");
    } else {
      error("internal error: " + failure);
      hint(
          withStackTrace
              ? new Hint("this is a defect of podkit; please report it with the lines below")
              : new Hint("this is a defect of podkit; repeat with --stacktrace and report it"));
    }
    for (Throwable also : failure.getSuppressed()) {
      labelled("also:  ", also.getMessage() != null ? also.getMessage() : also.toString());
    }
    if (withStackTrace) {
      failure.printStackTrace(err);
    }
    err.flush();
  }

  /** Writes the first line of a failure. */
  public void error(String what) {
    labelled("error: ", what);
  }

  /** Writes something that went wrong without making the command fail. */
  public void warning(String what) {
    labelled("warning: ", what);
    err.flush();
  }

  /** Writes what the user can do, if anything. */
  public void hint(@Nullable Hint hint) {
    if (hint != null) {
      labelled("hint:  ", hint.text());
    }
  }

  /** The kind that decides the exit code for this failure. */
  public static ErrorKind kindOf(Throwable failure) {
    if (failure instanceof PodkitException known) {
      return known.kind();
    }
    return failure instanceof InterruptedException ? ErrorKind.CANCELLED : ErrorKind.INTERNAL;
  }

  /** CRIU's own words, however many words of ours lie over them. */
  private void log(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CriuException criu) {
        String lines = String.join("\n", criu.excerpt());
        labelled("log:   ", criu.log() + (lines.isEmpty() ? "" : ", last error:\n" + lines));
        return;
      }
    }
  }

  private void labelled(String label, String text) {
    List<String> lines = Text.printable(text).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      err.println((i == 0 ? label : INDENT) + lines.get(i));
    }
  }
}
