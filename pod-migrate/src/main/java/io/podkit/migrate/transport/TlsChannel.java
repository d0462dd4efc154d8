package io.podkit.migrate.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A byte stream in both directions over TLS on a socket that never blocks longer than it is told.
 *
 * <p>One thread may write and another read at the same time; writers take turns, and there is at
 * most one reader. Why not SSLSocket: {@code docs/adr/0002-tls-transport.md}.
 */
final class TlsChannel implements AutoCloseable {

  /**
   * Ciphertext that goes to the kernel in one call: four TLS records. More did not make it faster
   * and falls out of the processor's cache.
   */
  private static final int BATCH_BYTES = 64 << 10;

  /** For a record of a few bytes while nobody else is writing. */
  private static final Duration KEY_UPDATE_LIMIT = Duration.ofSeconds(10);

  /** How long the peer has to read why it is refused before the socket is closed under it. */
  private static final Duration ALERT_LINGER = Duration.ofMillis(500);

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final SocketChannel socket;
  private final Readiness readable;
  private final Readiness writable;
  private final ReentrantLock writeLock = new ReentrantLock();
  private final ByteBuffer outgoing;
  private final ByteBuffer incoming;

  /** Plaintext of a record that did not fit where the reader wanted it. */
  private final ByteBuffer leftOver;

  private final int recordBytes;
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Takes over the socket, also if this throws.
   *
   * @param engine configured, its handshake not begun
   */
  TlsChannel(SocketChannel socket, SSLEngine engine) throws IOException {
    this.socket = socket;
    this.engine = engine;
    SSLSession session = engine.getSession();
    recordBytes = session.getPacketBufferSize();
    // On the heap: the JDK encrypts and decrypts in place there, and copies direct buffers.
    outgoing = ByteBuffer.allocate(BATCH_BYTES + recordBytes);
    incoming = ByteBuffer.allocate(BATCH_BYTES + recordBytes).flip();
    leftOver = ByteBuffer.allocate(session.getApplicationBufferSize()).flip();
    try {
      socket.configureBlocking(false);
      readable = Readiness.toRead(socket);
      writable = Readiness.toWrite(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Bytes that went to the network, TLS included. */
  long bytesSent() {
    return sent.sum();
  }

  /** Bytes that came from the network, TLS included. */
  long bytesReceived() {
    return received.sum();
  }

  /** The session; tells the peer's certificate once {@link #handshake} has returned. */
  SSLSession session() {
    return engine.getSession();
  }

  /**
   * Shakes hands. Neither writing nor reading may begin before it has returned.
   *
   * @throws SSLException if the peer is not acceptable, or says that we are not; the peer has been
   *     told why
   * @throws SocketTimeoutException if it takes too long, however many bytes trickle in
   */
  void handshake(Deadline deadline) throws IOException {
    engine.beginHandshake();
    try {
      while (!isHandshakeDone(deadline)) {}
    } catch (SSLException e) {
      sendAlert(deadline, e);
      throw e;
    }
  }

  /** One step of the handshake; whether it was the last. */
  private boolean isHandshakeDone(Deadline deadline) throws IOException {
    switch (engine.getHandshakeStatus()) {
      case NEED_WRAP -> {
        engine.wrap(NOTHING, outgoing);
        flush(deadline, null);
      }
      case NEED_UNWRAP -> {
        // No plaintext can come before the end of the handshake, so there is no place for it.
        if (engine.unwrap(incoming, NOTHING).getStatus()
            == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
          fill(deadline);
        }
      }
      case NEED_TASK -> runTasks();
      case NEED_UNWRAP_AGAIN -> throw new SSLException("DTLS is not spoken here");
      case FINISHED, NOT_HANDSHAKING -> {
        return true;
      }
    }
    return false;
  }

  /** Tells the peer what was wrong, so that its user learns it too. */
  private void sendAlert(Deadline deadline, SSLException reason) {
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !deadline.hasPassed()) {
        if (engine.wrap(NOTHING, outgoing).bytesProduced() == 0) {
          break;
        }
      }
      flush(deadline, null);
      socket.shutdownOutput();
      ByteBuffer waste = ByteBuffer.allocate(recordBytes);
      Deadline end = Deadline.after(ALERT_LINGER);
      while (socket.read(waste.clear()) >= 0 && !deadline.hasPassed()) {
        readable.await(end);
      }
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * Writes all of both buffers. An interrupt does not stop it half way, because the stream would be
   * spoilt: it stays pending for the caller's next wait.
   *
   * @param stall how long the peer may take no byte
   * @throws SocketTimeoutException if it took none for that long; the channel is then of no use
   */
  void write(ByteBuffer[] data, Duration stall) throws IOException {
    writeLock.lock();
    try {
      while (data[0].hasRemaining() || data[1].hasRemaining()) {
        if (outgoing.remaining() < recordBytes) {
          flush(Deadline.after(stall), stall);
        }
        if (engine.wrap(data, outgoing).getStatus() == SSLEngineResult.Status.CLOSED) {
          throw new AsynchronousCloseException();
        }
      }
      flush(Deadline.after(stall), stall);
    } finally {
      writeLock.unlock();
    }
  }

  /** Whether some thread is writing at this moment, so that the peer is hearing from us. */
  boolean isWriting() {
    return writeLock.isLocked();
  }

  /**
   * Reads what there is, at least one byte, waiting for it if need be.
   *
   * @return how many bytes, or -1 if the peer ended the stream properly
   * @throws SocketTimeoutException if the deadline passed; nothing is lost, reading may go on
   * @throws InterruptedIOException if the thread was interrupted while waiting; nothing is lost,
   *     and the flag is set again
   * @throws EOFException if the connection ended without TLS's goodbye: it was cut
   */
  int read(ByteBuffer into, Deadline deadline) throws IOException {
    while (!leftOver.hasRemaining()) {
      SSLEngineResult result;
      if (into.remaining() >= leftOver.capacity()) {
        result = engine.unwrap(incoming, into);
        if (result.bytesProduced() > 0) {
          return result.bytesProduced();
        }
      } else {
        // A record may hold more than is wanted; only then is its plaintext copied once more.
        result = unwrapAside();
      }
      switch (result.getStatus()) {
        case BUFFER_UNDERFLOW -> fill(deadline);
        case OK -> answerHandshake(result.getHandshakeStatus());
        case BUFFER_OVERFLOW -> throw new SSLException("a record is longer than TLS allows");
        case CLOSED -> {
          return -1;
        }
      }
    }
    int count = Math.min(leftOver.remaining(), into.remaining());
    into.put(leftOver.slice().limit(count));
    leftOver.position(leftOver.position() + count);
    return count;
  }

  /** Whether something has come that was not read yet, be it the end; does not wait. */
  boolean hasInput() throws IOException {
    if (leftOver.hasRemaining() || incoming.hasRemaining()) {
      return true;
    }
    incoming.clear();
    try {
      int count = socket.read(incoming);
      received.add(Math.max(count, 0));
      return count != 0;
    } finally {
      incoming.flip();
    }
  }

  private SSLEngineResult unwrapAside() throws SSLException {
    leftOver.clear();
    try {
      return engine.unwrap(incoming, leftOver);
    } finally {
      leftOver.flip();
    }
  }

  /**
   * After 128 GiB the peer changes keys and wants us to do the same. Whoever writes next does it;
   * if nobody is writing, it is done here, so that the answer does not wait for the next message.
   */
  private void answerHandshake(HandshakeStatus status) throws IOException {
    if (status == HandshakeStatus.NEED_TASK) {
      runTasks();
    } else if (status == HandshakeStatus.NEED_WRAP && writeLock.tryLock()) {
      try {
        engine.wrap(NOTHING, outgoing);
        flush(Deadline.after(KEY_UPDATE_LIMIT), null);
      } finally {
        writeLock.unlock();
      }
    }
  }

  private void runTasks() {
    Runnable task;
    while ((task = engine.getDelegatedTask()) != null) {
      task.run();
    }
  }

  private void fill(Deadline deadline) throws IOException {
    incoming.compact();
    try {
      int count;
      while ((count = socket.read(incoming)) == 0) {
        readable.await(deadline);
      }
      if (count < 0) {
        throw new EOFException("the connection was cut");
      }
      received.add(count);
    } finally {
      incoming.flip();
    }
  }

  /**
   * Hands the kernel all there is.
   *
   * @param renew what the deadline becomes with every byte the peer takes, or null to keep it
   */
  private void flush(Deadline first, @Nullable Duration renew) throws IOException {
    Deadline deadline = first;
    outgoing.flip();
    try {
      while (outgoing.hasRemaining()) {
        int count = socket.write(outgoing);
        if (count == 0) {
          writable.awaitUninterruptibly(deadline);
        } else {
          sent.add(count);
          deadline = renew == null ? deadline : Deadline.after(renew);
        }
      }
    } finally {
      outgoing.compact();
    }
  }

  /**
   * Says goodbye: the peer's reader gets -1 after everything written before. Best effort, within
   * {@code linger}; reading goes on.
   */
  void closeOutput(Duration linger) throws IOException {
    Deadline deadline = Deadline.after(linger);
    boolean locked = false;
    boolean interrupted = Thread.interrupted();
    try {
      locked = writeLock.tryLock(linger.toNanos(), TimeUnit.NANOSECONDS);
      if (locked) {
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
          engine.wrap(NOTHING, outgoing);
          flush(deadline, null);
        }
        socket.shutdownOutput();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (locked) {
        writeLock.unlock();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether {@link #close} was called, so that failures of other threads are no surprise. */
  boolean isClosed() {
    return closed.get();
  }

  /** Ends both directions at once; threads that wait here get AsynchronousCloseException. */
  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      try (readable;
          writable) {
        socket.close();
      }
    }
  }
}
