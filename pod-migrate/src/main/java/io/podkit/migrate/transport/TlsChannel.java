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
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * A byte stream in both directions over TLS on a socket that never blocks longer than it is told.
 *
 * <p>One thread may write and another read at the same time; writers take turns, and there is at
 * most one reader. Why not SSLSocket: {@code docs/adr/0002-tls-transport.md}.
 */
final class TlsChannel implements AutoCloseable {

  /** For a record of a few bytes while nobody else is writing. */
  private static final Duration KEY_UPDATE_LIMIT = Duration.ofSeconds(10);

  /** How long the peer has to read why it is refused before the socket is closed under it. */
  private static final Duration ALERT_LINGER = Duration.ofMillis(500);

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final CipherSocket socket;
  private final ReentrantLock writeLock = new ReentrantLock();

  /** Plaintext of a record that did not fit where the reader wanted it. */
  private final ByteBuffer leftOver;

  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Takes over the socket, also if this throws.
   *
   * @param engine configured, its handshake not begun
   */
  TlsChannel(SocketChannel socket, SSLEngine engine) throws IOException {
    this.engine = engine;
    SSLSession session = engine.getSession();
    this.socket = new CipherSocket(socket, session.getPacketBufferSize());
    leftOver = ByteBuffer.allocate(session.getApplicationBufferSize()).flip();
  }

  /** Bytes that went to the network, TLS included. */
  long bytesSent() {
    return socket.bytesSent();
  }

  /** Bytes that came from the network, TLS included. */
  long bytesReceived() {
    return socket.bytesReceived();
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
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Conscrypt lets out what its judge of certificates threw, though it declares no such thing,
      // and would go on with the handshake instead of giving out the alert.
      SSLException refused = new SSLException("the certificate is refused", e);
      engine.closeOutbound();
      sendAlert(deadline, refused);
      throw refused;
    }
  }

  /** One step of the handshake; whether it was the last. */
  private boolean isHandshakeDone(Deadline deadline) throws IOException {
    switch (engine.getHandshakeStatus()) {
      case NEED_WRAP -> {
        engine.wrap(NOTHING, socket.outgoing());
        socket.flush(deadline);
      }
      case NEED_UNWRAP -> {
        // No plaintext can come before the end of the handshake, so there is no place for it.
        if (engine.unwrap(socket.incoming(), NOTHING).getStatus()
            == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
          socket.fill(deadline);
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
      // The engine calls itself closed by now, and still has the alert.
      while (!deadline.hasPassed()
          && engine.wrap(NOTHING, socket.outgoing()).bytesProduced() > 0) {}
      socket.flush(deadline);
      socket.shutdownOutput();
      // Closing with unread bytes would make the kernel take the alert back.
      socket.drain(Deadline.after(ALERT_LINGER));
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
        if (!socket.hasRoom()) {
          socket.flush(Deadline.after(stall));
        }
        if (engine.wrap(data, socket.outgoing()).getStatus() == SSLEngineResult.Status.CLOSED) {
          throw new AsynchronousCloseException();
        }
      }
      socket.flush(Deadline.after(stall));
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
        result = engine.unwrap(socket.incoming(), into);
        if (result.bytesProduced() > 0) {
          return result.bytesProduced();
        }
      } else {
        // A record may hold more than is wanted; only then is its plaintext copied once more.
        result = unwrapAside();
      }
      switch (result.getStatus()) {
        case BUFFER_UNDERFLOW -> socket.fill(deadline);
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

  /** Whether something has come that was not read yet; does not wait. */
  boolean hasInput() throws IOException {
    return leftOver.hasRemaining() || socket.incoming().hasRemaining() || socket.tryFill();
  }

  private SSLEngineResult unwrapAside() throws SSLException {
    leftOver.clear();
    try {
      return engine.unwrap(socket.incoming(), leftOver);
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
        engine.wrap(NOTHING, socket.outgoing());
        socket.flush(Deadline.after(KEY_UPDATE_LIMIT));
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
          engine.wrap(NOTHING, socket.outgoing());
          socket.flush(deadline);
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
      socket.close();
    }
  }
}
