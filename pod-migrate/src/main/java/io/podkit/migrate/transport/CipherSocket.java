package io.podkit.migrate.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.LongAdder;

/**
 * A socket that never blocks longer than it is told, and the ciphertext on its way in and out. One
 * thread may fill while another flushes.
 */
final class CipherSocket implements AutoCloseable {

  /**
   * Ciphertext that goes to the kernel in one call: four TLS records. More did not make it faster
   * and falls out of the processor's cache.
   */
  private static final int BATCH_BYTES = 64 << 10;

  private final SocketChannel socket;
  private final Readiness readable;
  private final Readiness writable;
  private final ByteBuffer outgoing;
  private final ByteBuffer incoming;
  private final int recordBytes;
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();

  /**
   * Takes over the socket, also if this throws.
   *
   * @param recordBytes the longest record
   */
  CipherSocket(SocketChannel socket, int recordBytes) throws IOException {
    this.socket = socket;
    this.recordBytes = recordBytes;
    // Native memory: neither the cipher nor the kernel has to copy it first.
    outgoing = ByteBuffer.allocateDirect(BATCH_BYTES + recordBytes);
    incoming = ByteBuffer.allocateDirect(BATCH_BYTES + recordBytes).flip();
    Readiness toRead = null;
    Readiness toWrite = null;
    try {
      socket.configureBlocking(false);
      toRead = Readiness.toRead(socket);
      toWrite = Readiness.toWrite(socket);
    } finally {
      if (toWrite == null) {
        if (toRead != null) {
          toRead.close();
        }
        socket.close();
      }
    }
    readable = toRead;
    writable = toWrite;
  }

  /** Ciphertext that has come, ready to be read from. Belongs to the reading thread. */
  ByteBuffer incoming() {
    return incoming;
  }

  /** Where ciphertext gathers that is to go. Belongs to who holds the right to write. */
  ByteBuffer outgoing() {
    return outgoing;
  }

  /** Whether one more record fits into {@link #outgoing}. */
  boolean hasRoom() {
    return outgoing.remaining() >= recordBytes;
  }

  long bytesSent() {
    return sent.sum();
  }

  long bytesReceived() {
    return received.sum();
  }

  /**
   * Gets more ciphertext, waiting for it if need be.
   *
   * @throws SocketTimeoutException if the deadline passed; nothing is lost
   * @throws InterruptedIOException if the thread was interrupted while waiting; nothing is lost,
   *     and the flag is set again
   * @throws EOFException if there is no more
   */
  void fill(Deadline deadline) throws IOException {
    while (!tryFill()) {
      readable.await(deadline);
    }
  }

  /**
   * Gets more ciphertext if there is some.
   *
   * @throws EOFException if there will be no more
   */
  boolean tryFill() throws IOException {
    incoming.compact();
    try {
      int count = socket.read(incoming);
      if (count < 0) {
        throw new EOFException("the connection was cut");
      }
      received.add(count);
      return count > 0;
    } finally {
      incoming.flip();
    }
  }

  /**
   * Hands the kernel all there is: at most a batch, so that a peer that needs the whole deadline
   * for it may count as stuck.
   *
   * @throws SocketTimeoutException if the deadline passed
   */
  void flush(Deadline deadline) throws IOException {
    outgoing.flip();
    try {
      while (outgoing.hasRemaining()) {
        int count = socket.write(outgoing);
        sent.add(count);
        if (count == 0) {
          writable.awaitUninterruptibly(deadline);
        }
      }
    } finally {
      outgoing.compact();
    }
  }

  /** Tells the peer's kernel that nothing more will come. */
  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads and drops what comes until the peer closes or the deadline passes. */
  void drain(Deadline deadline) throws IOException {
    while (true) {
      incoming.clear().flip();
      fill(deadline);
    }
  }

  /** Ends both directions at once; threads that wait here get AsynchronousCloseException. */
  @Override
  public void close() throws IOException {
    try (readable;
        writable) {
      socket.close();
    }
  }
}
