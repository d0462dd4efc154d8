package io.podkit.migrate.engine;

import java.time.Duration;

/** Calls something once if it is not closed in time. */
final class Alarm implements AutoCloseable {
  private final Thread thread;

  private Alarm(Thread thread) {
    this.thread = thread;
  }

  static Alarm after(Duration delay, Runnable action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                Thread.sleep(delay.toMillis());
              } catch (InterruptedException e) {
                return; // closed in time
              }
              action.run();
            },
            "alarm");
    thread.setDaemon(true);
    thread.start();
    return new Alarm(thread);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
