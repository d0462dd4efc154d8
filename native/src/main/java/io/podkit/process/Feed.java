package io.podkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A thread that writes a stream into a child's standard input and then closes it.
 *
 * <p>A child that stops reading (EPIPE) is not an error: its exit status tells the story. A source
 * that cannot be read is one, because the child then saw a short input and may have liked it.
 */
final class Feed {

  private static final int CHUNK = 64 * 1024;

  private final Thread thread;
  private final AtomicReference<IOException> failure = new AtomicReference<>();

  private Feed(String name, InputStream from, OutputStream to) {
    thread = new Thread(() -> feed(from, to), name);
    thread.setDaemon(true);
  }

  static Feed start(String name, InputStream from, OutputStream to) {
    Feed feed = new Feed(name, from, to);
    feed.thread.start();
    return feed;
  }

  /** Waits for the end; a source that blocks although the child has ended is left alone. */
  void await(Duration patience) throws IOException, InterruptedException {
    thread.join(patience.toMillis());
    IOException e = failure.get();
    if (e != null) {
      throw e;
    }
  }

  private void feed(InputStream from, OutputStream to) {
    byte[] buffer = new byte[CHUNK];
    try (to) {
      for (int n = read(from, buffer); n >= 0; n = read(from, buffer)) {
        to.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // Writing failed: the child closed its input. Reading failures were noted by read().
      return;
    }
  }

  private int read(InputStream from, byte[] buffer) throws IOException {
    try {
      return from.read(buffer);
    } catch (IOException e) {
      failure.set(new IOException("cannot read what it should read: " + e.getMessage(), e));
      throw e;
    }
  }
}
