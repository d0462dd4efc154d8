package io.podkit.cli.console;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Tells the user on standard error that something is going on, if it takes more than a second: on a
 * terminal one live line that disappears at the end, otherwise one plain line. Closing it ends it.
 *
 * <p>{@link #progress} may be called from any thread.
 */
public final class Activity implements AutoCloseable {
  /** Back to the first column and clear to the end of the line. */
  private static final String REPLACE_LINE = "\r\u001b[K";

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration REFRESH = Duration.ofMillis(200);

  private final PrintWriter err;
  private final String what;
  private final boolean live;
  private final long started = System.nanoTime();
  private final Thread painter;
  private volatile long done;
  private volatile long total = -1;

  private Activity(PrintWriter err, boolean live, String what) {
    this.err = err;
    this.live = live;
    this.what = what;
    painter = new Thread(this::paint, "progress");
    painter.setDaemon(true);
  }

  /**
   * Begins to wait for the second to pass.
   *
   * @param live whether {@code err} is a terminal
   * @param what what is going on: {@code "importing redis"}
   */
  public static Activity start(PrintWriter err, boolean live, String what) {
    Activity activity = new Activity(err, live, what);
    activity.painter.start();
    return activity;
  }

  /** Takes note of how far it has come; {@code newTotal} is -1 if that is not known. */
  public void progress(long newDone, long newTotal) {
    done = newDone;
    total = newTotal;
  }

  /** Ends the line; when this returns nothing more is written. */
  @Override
  public void close() {
    painter.interrupt();
    boolean interrupted = false;
    while (painter.isAlive()) {
      try {
        painter.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void paint() {
    boolean painted = false;
    try {
      Thread.sleep(PATIENCE.toMillis());
      painted = true;
      if (!live) {
        err.println(what + " ...");
        err.flush();
        return;
      }
      while (true) {
        err.print(REPLACE_LINE + line(Duration.ofNanos(System.nanoTime() - started)));
        err.flush();
        Thread.sleep(REFRESH.toMillis());
      }
    } catch (InterruptedException e) {
      // close() says that it is over; this thread has no other caller to tell.
      if (painted && live) {
        err.print(REPLACE_LINE);
        err.flush();
      }
    }
  }

  /** The text of the line after that time. */
  String line(Duration elapsed) {
    StringBuilder line = new StringBuilder(what).append(" ... ");
    if (total > 0) {
      line.append(done * 100 / total).append("% of ").append(Human.bytes(total)).append(", ");
    } else if (done > 0) {
      line.append(Human.bytes(done)).append(", ");
    }
    return line.append(elapsed.toSeconds()).append(" s").toString();
  }
}
