package io.podkit.cli.console;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.MigrationPhase;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Shows a migration on standard error as it happens: a line for each finished phase, and on a
 * terminal a live line for the running one. Closing it clears the live line.
 */
public final class MigrationProgress implements MigrationListener, AutoCloseable {
  /** Back to the first column and clear to the end of the line. */
  private static final String REPLACE_LINE = "\r\u001b[K";

  private static final int LABEL_WIDTH = 12;
  private static final int TIME_WIDTH = 12;

  private final Object lock = new Object();
  private final PrintWriter err;
  private final boolean live;

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private MigrationEvent.@Nullable RoundFinished round;

  /**
   * @param live whether {@code err} is a terminal
   */
  public MigrationProgress(PrintWriter err, boolean live) {
    this.err = err;
    this.live = live;
  }

  @Override
  public void on(MigrationEvent event) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (event instanceof MigrationEvent.PhaseStarted started) {
        liveLine(label(started.phase()) + "...");
      } else if (event instanceof MigrationEvent.Progress progress) {
        liveLine(
            label(progress.phase())
                + amount(progress.done(), progress.expected())
                + rounds(progress));
      } else if (event instanceof MigrationEvent.PhaseFinished finished) {
        line(label(finished.phase()) + cost(finished.took(), finished.bytes()));
      } else if (event instanceof MigrationEvent.RoundFinished finished) {
        round = finished;
        line(
            "  round " + RoundText.of(finished.round()) + "; " + RoundText.of(finished.estimate()));
      } else if (event instanceof MigrationEvent.Decided decided) {
        line("  " + decided.decision() + ": " + Text.printable(decided.reason()));
      } else if (event instanceof MigrationEvent.Notice notice) {
        line(noted(notice.message()));
      }
    }
  }

  /** Says something that is no event of the migration. */
  public void note(String message) {
    synchronized (lock) {
      if (!closed) {
        line(noted(message));
      }
    }
  }

  private static String noted(String message) {
    return "note: " + Text.printable(message);
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (live) {
        err.print(REPLACE_LINE);
        err.flush();
      }
    }
  }

  private void liveLine(String text) {
    if (live) {
      err.print(REPLACE_LINE + text);
      err.flush();
    }
  }

  private void line(String text) {
    err.println((live ? REPLACE_LINE : "") + text.stripTrailing());
    err.flush();
  }

  private static String label(MigrationPhase phase) {
    return pad(phase.label(), LABEL_WIDTH);
  }

  private static String amount(long done, long expected) {
    if (expected <= 0) {
      return Human.bytes(done);
    }
    long percent = Math.min(100, done * 100 / expected);
    return Human.bytes(done) + " of " + Human.bytes(expected) + " (" + percent + "%)";
  }

  /** What the last round has shown, behind what the running one has sent. */
  @GuardedBy("lock")
  private String rounds(MigrationEvent.Progress progress) {
    return round == null || progress.phase() != MigrationPhase.PRE_COPY
        ? ""
        : "; " + RoundText.live(round.round(), round.estimate());
  }

  private static String cost(Duration took, long bytes) {
    return pad(Human.duration(took), TIME_WIDTH) + (bytes > 0 ? Human.bytes(bytes) : "");
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
