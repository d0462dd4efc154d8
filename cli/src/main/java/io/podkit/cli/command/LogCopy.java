package io.podkit.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** One log on its way to one of our streams. Not thread-safe. */
final class LogCopy {
  /** How often a log that is followed is looked at: files of an overlay have no usable events. */
  static final Duration POLL = Duration.ofMillis(100);

  private final InputStream log;
  private final OutputStream to;
  private final byte[] buffer = new byte[64 * 1024];
  private boolean readerGone;

  LogCopy(InputStream log, OutputStream to) {
    this.log = log;
    this.to = to;
  }

  /** Reads to the log's present end and writes only the last {@code lines} lines of it. */
  void skipToTail(int lines) throws IOException {
    Deque<byte[]> kept = new ArrayDeque<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int count = log.read(buffer); count > 0; count = log.read(buffer)) {
      int start = 0;
      for (int i = 0; i < count; i++) {
        if (buffer[i] == '\n') {
          line.write(buffer, start, i + 1 - start);
          keep(kept, line, lines);
          start = i + 1;
        }
      }
      line.write(buffer, start, count - start);
    }
    if (line.size() > 0) {
      keep(kept, line, lines);
    }
    for (byte[] one : kept) {
      write(one, one.length);
    }
  }

  /**
   * Copies what there is now.
   *
   * @return whether there was anything
   */
  boolean copyRest() throws IOException {
    boolean any = false;
    for (int count = log.read(buffer); count > 0; count = log.read(buffer)) {
      any = true;
      write(buffer, count);
    }
    return any;
  }

  /** Whether nobody reads our stream any more: {@code pod logs | head} is no failure. */
  boolean readerGone() {
    return readerGone;
  }

  private void write(byte[] bytes, int count) {
    if (readerGone) {
      return;
    }
    try {
      to.write(bytes, 0, count);
      to.flush();
    } catch (IOException e) {
      readerGone = true;
    }
  }

  private static void keep(Deque<byte[]> kept, ByteArrayOutputStream line, int lines) {
    kept.addLast(line.toByteArray());
    line.reset();
    if (kept.size() > lines) {
      kept.removeFirst();
    }
  }
}
