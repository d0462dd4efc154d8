package io.podkit.migrate.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Waits until a socket can be read, or written. One for each direction, because only one thread may
 * wait in a selector. Closing it wakes the thread that waits.
 */
final class Readiness implements AutoCloseable {

  private final Selector selector;

  private Readiness(SocketChannel socket, int operation) throws IOException {
    selector = Selector.open();
    try {
      socket.register(selector, operation);
    } catch (IOException e) {
      selector.close();
      throw e;
    }
  }

  static Readiness toRead(SocketChannel socket) throws IOException {
    return new Readiness(socket, SelectionKey.OP_READ);
  }

  static Readiness toWrite(SocketChannel socket) throws IOException {
    return new Readiness(socket, SelectionKey.OP_WRITE);
  }

  /**
   * Waits.
   *
   * @throws SocketTimeoutException if the deadline passed
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  void await(Deadline deadline) throws IOException {
    while (!select(deadline)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
    }
  }

  /**
   * Waits, and keeps an interrupt pending.
   *
   * @throws SocketTimeoutException if the deadline passed
   */
  void awaitUninterruptibly(Deadline deadline) throws IOException {
    boolean interrupted = false;
    try {
      do {
        interrupted |= Thread.interrupted(); // else select would return at once, for ever
      } while (!select(deadline));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean select(Deadline deadline) throws IOException {
    long millis = deadline.millisLeft();
    try {
      // After the deadline one look is taken all the same: we may be what was late.
      int ready = millis > 0 ? selector.select(key -> {}, millis) : selector.selectNow(key -> {});
      if (ready == 0 && millis == 0) {
        throw new SocketTimeoutException("timed out");
      }
      return ready > 0;
    } catch (ClosedSelectorException e) {
      AsynchronousCloseException closed = new AsynchronousCloseException();
      closed.initCause(e);
      throw closed;
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
