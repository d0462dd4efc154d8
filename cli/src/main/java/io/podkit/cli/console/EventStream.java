package io.podkit.cli.console;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.cli.json.EventJson;
import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationListener;
import java.io.PrintWriter;

/** Prints a migration's events as they happen, a JSON line each, until it is closed. */
public final class EventStream implements MigrationListener, AutoCloseable {
  private final Object lock = new Object();
  private final PrintWriter out;

  @GuardedBy("lock")
  private boolean closed;

  public EventStream(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void on(MigrationEvent event) {
    synchronized (lock) {
      if (!closed) {
        Json.printLine(out, EventJson.of(event));
      }
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
  }
}
