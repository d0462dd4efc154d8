package io.podkit.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A thread that empties one pipe of a child, so that the child never blocks on a full pipe while we
 * read the other one.
 *
 * <p>A daemon thread: a grandchild that keeps the pipe open must not keep the JVM alive.
 */
final class Drain {

  /** Takes the bytes as they come. */
  interface Sink {
    /** Consumes {@code length} bytes; an exception makes the drain discard everything after. */
    void accept(byte[] buffer, int length) throws IOException;
  }

  private static final int CHUNK = 64 * 1024;

  private final Thread thread;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private @Nullable IOException failure;

  private Drain(String name, InputStream from, Sink sink) {
    thread = new Thread(() -> drain(from, sink), name);
    thread.setDaemon(true);
  }

  /** Starts draining {@code from} into {@code sink}. */
  static Drain start(String name, InputStream from, Sink sink) {
    Drain drain = new Drain(name, from, sink);
    drain.thread.start();
    return drain;
  }

  /**
   * Waits until the pipe's end was reached, but no longer than {@code patience}.
   *
   * @throws IOException if the sink failed or overflowed
   */
  void await(Duration patience) throws IOException, InterruptedException {
    thread.join(patience.toMillis());
    synchronized (lock) {
      if (failure != null) {
        throw failure;
      }
    }
  }

  private void drain(InputStream from, Sink sink) {
    byte[] buffer = new byte[CHUNK];
    boolean sinkFailed = false;
    try (from) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        if (!sinkFailed) {
          sinkFailed = !feed(sink, buffer, n);
        }
      }
    } catch (IOException e) {
      // The pipe was closed under us because the deadline passed; nobody waits for the rest.
      fail(e);
    }
  }

  private boolean feed(Sink sink, byte[] buffer, int n) {
    try {
      sink.accept(buffer, n);
      return true;
    } catch (IOException e) {
      fail(e);
      return false;
    }
  }

  private void fail(IOException e) {
    synchronized (lock) {
      if (failure == null) {
        failure = e;
      }
    }
  }

  /** Keeps everything up to a limit; one byte more is an error rather than a truncated answer. */
  static final class Whole implements Sink {
    private final int limit;

    @GuardedBy("this")
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Whole(int limit) {
      this.limit = limit;
    }

    @Override
    public synchronized void accept(byte[] buffer, int length) throws IOException {
      if (bytes.size() + length > limit) {
        throw new IOException("wrote more than " + limit + " bytes to standard output");
      }
      bytes.write(buffer, 0, length);
    }

    synchronized byte[] bytes() {
      return bytes.toByteArray();
    }
  }

  /** Keeps the last bytes only: what a program says at its end is why it failed. */
  static final class Tail implements Sink {
    private final int limit;

    @GuardedBy("this")
    private byte[] kept = new byte[0];

    Tail(int limit) {
      this.limit = limit;
    }

    @Override
    public synchronized void accept(byte[] buffer, int length) {
      int fromOld = Math.max(0, Math.min(kept.length, limit - length));
      int fromNew = Math.min(length, limit);
      byte[] next = new byte[fromOld + fromNew];
      System.arraycopy(kept, kept.length - fromOld, next, 0, fromOld);
      System.arraycopy(buffer, length - fromNew, next, fromOld, fromNew);
      kept = next;
    }

    synchronized String text() {
      return new String(kept, StandardCharsets.UTF_8);
    }
  }

  /** Passes everything on to a stream that the caller owns. */
  record Copy(OutputStream to) implements Sink {
    @Override
    public void accept(byte[] buffer, int length) throws IOException {
      to.write(buffer, 0, length);
    }
  }
}
