package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.FrameDecoder;
import io.podkit.migrate.protocol.FrameEncoder;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.ProtocolException;
import io.podkit.migrate.protocol.Session.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames over TLS. Any number of threads may send, one may receive. Whoever has it closes it;
 * {@link #close} ends it in order, {@link #abort} at once and from any thread.
 */
final class Connection implements AutoCloseable {

  private static final int DRAIN_BYTES = 32 << 10;

  /** As much as goes to the kernel at once anyway. */
  private static final int GATHER_BYTES = 64 << 10;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final TlsChannel channel;
  private final Peer peer;
  private final Timeouts timeouts;
  private final FrameDecoder decoder = new FrameDecoder();
  private final ByteBuffer gathered;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicBoolean aborted = new AtomicBoolean();
  private final Consumer<Connection> whenClosed;
  private volatile @Nullable PodkitException broken;
  private volatile Duration stall;
  private volatile long lastSentAt = System.nanoTime();

  /**
   * Takes over the channel.
   *
   * @param stall how long the peer may take no byte while we send
   * @param whenClosed called once, when the connection is closed
   */
  Connection(
      TlsChannel channel,
      Peer peer,
      Timeouts timeouts,
      Duration stall,
      Consumer<Connection> whenClosed) {
    this.channel = channel;
    this.whenClosed = whenClosed;
    this.peer = peer;
    this.timeouts = timeouts;
    this.stall = stall;
    this.gathered = ByteBuffer.allocate(GATHER_BYTES);
  }

  /** Changes how long the peer may take no byte while we send. */
  void setStall(Duration newStall) {
    stall = newStall;
  }

  Peer peer() {
    return peer;
  }

  Traffic traffic() {
    return new Traffic(channel.bytesSent(), channel.bytesReceived());
  }

  /** Whether the peer has heard nothing from us for that long. */
  boolean quietFor(Duration time) {
    return !channel.isWriting() && System.nanoTime() - lastSentAt >= time.toNanos();
  }

  /**
   * Sends a message; returns when the kernel has it. An interrupt does not cut it short.
   *
   * @throws PeerLostException if the connection is gone. What the peer said before may still be
   *     there to be received
   */
  void send(int id, Message message) throws PodkitException {
    write(FrameEncoder.encode(new Frame(id, message)));
  }

  /**
   * As {@link #send}, but small messages gather until they are worth a TLS record or until {@link
   * #flush}. For connections that one thread sends on.
   */
  void sendGathered(int id, Message message) throws PodkitException {
    ByteBuffer[] frame = FrameEncoder.encode(new Frame(id, message));
    int length = frame[0].remaining() + frame[1].remaining();
    if (length > gathered.remaining()) {
      flush();
    }
    if (length > gathered.remaining()) {
      write(frame);
    } else {
      gathered.put(frame[0]).put(frame[1]);
    }
  }

  /** Sends what has gathered. */
  void flush() throws PodkitException {
    if (gathered.position() > 0) {
      try {
        write(new ByteBuffer[] {gathered.flip(), NOTHING.duplicate()});
      } finally {
        gathered.clear();
      }
    }
  }

  private void write(ByteBuffer[] bytes) throws PodkitException {
    Duration limit = stall;
    try {
      channel.write(bytes, limit);
      lastSentAt = System.nanoTime();
    } catch (SocketTimeoutException e) {
      PodkitException stalled =
          new PeerLostException(peer + " took nothing for " + Timeouts.inWords(limit), false, e);
      fail(stalled); // half a frame is out: nothing can follow it
      throw stalled;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Whether something has come that was not received yet; does not wait. */
  boolean hasInput() throws PodkitException {
    try {
      return channel.hasInput();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /**
   * Receives the next frame.
   *
   * @return null if the timeout passed; receiving may go on
   * @throws PeerLostException if the connection is gone
   * @throws io.podkit.migrate.protocol.ProtocolException if the peer broke the protocol; the
   *     connection is closed
   * @throws PodkitException CANCELLED if the thread is interrupted; receiving may go on
   */
  @Nullable Frame receive(Duration timeout) throws PodkitException {
    return receive(Deadline.after(timeout), null);
  }

  /**
   * As {@link #receive(Duration)}, but the timeout begins anew with every piece that arrives: for a
   * peer that must not fall silent, though its frame may take long.
   */
  @Nullable Frame receiveUnlessSilent(Duration silence) throws PodkitException {
    return receive(Deadline.after(silence), silence);
  }

  private @Nullable Frame receive(Deadline first, @Nullable Duration renew) throws PodkitException {
    Deadline deadline = first;
    try {
      Frame frame;
      while ((frame = decoder.advance()) == null) {
        if (channel.read(decoder.wanted(), deadline) < 0) {
          throw ended();
        }
        if (renew != null) {
          deadline = Deadline.after(renew);
        }
      }
      return frame;
    } catch (SocketTimeoutException e) {
      return null;
    } catch (InterruptedIOException e) {
      throw PodkitException.cancelled("waiting for " + peer + " was cancelled");
    } catch (IOException e) {
      PodkitException lost = lost(e);
      fail(lost);
      throw lost;
    } catch (PodkitException e) {
      if (e instanceof ProtocolException) {
        tellPeer(e);
      }
      fail(e);
      throw e;
    }
  }

  /**
   * The last thing said on a connection whose peer broke the rules, so that its user learns why.
   */
  void tellPeer(PodkitException reason) {
    try {
      send(0, Failure.of(reason));
      sayGoodbye();
      drain();
    } catch (PodkitException e) {
      TransportLog.debug("telling " + peer + " what is wrong", e);
    }
  }

  private PodkitException ended() {
    return decoder.atBoundary()
        ? new PeerLostException(peer + " ended the conversation", true, null)
        : decoder.truncated();
  }

  /** The failure that ended this connection first, or this one. */
  private PodkitException lost(IOException e) {
    PodkitException known = broken;
    if (known != null) {
      return known instanceof PeerLostException
          ? PeerLostException.again(known)
          : new PeerLostException(known.what(), false, known);
    }
    return new PeerLostException(describe(e), false, e);
  }

  private String describe(IOException e) {
    if (channel.isClosed() || ending.get()) {
      return "the connection to " + peer + " was closed";
    }
    if (e instanceof EOFException) {
      return "the connection to " + peer + " was cut";
    }
    return "the connection to " + peer + " broke: " + e.getMessage();
  }

  /** Ends the connection at once, for a reason that other threads will be told. */
  void fail(PodkitException reason) {
    synchronized (ending) {
      if (broken == null) {
        broken = reason;
      }
    }
    abort();
  }

  /** Ends the connection at once; threads that wait on it get {@link PeerLostException}. */
  void abort() {
    ending.set(true);
    if (!aborted.compareAndSet(false, true)) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone either way, and there is nothing left to lose.
      TransportLog.debug("closing the connection to " + peer, e);
    }
    whenClosed.accept(this);
  }

  /**
   * Ends the connection so that the peer gets everything that was sent: says goodbye, waits a
   * moment for the peer's, closes. Must not be called while another thread receives.
   */
  @Override
  public void close() {
    if (ending.compareAndSet(false, true)) {
      sayGoodbye();
      drain();
    }
    abort();
  }

  /** The first half of {@link #close}, for a connection with a receiving thread. */
  void sayGoodbye() {
    try {
      channel.closeOutput(timeouts.linger());
    } catch (IOException e) {
      TransportLog.debug("saying goodbye to " + peer, e);
    }
  }

  /** Unread bytes at the moment of closing would make the kernel reset what is still under way. */
  private void drain() {
    ByteBuffer waste = ByteBuffer.allocate(DRAIN_BYTES);
    Deadline deadline = Deadline.after(timeouts.linger());
    try {
      while (channel.read(waste.clear(), deadline) >= 0) {
        if (deadline.hasPassed()) {
          return;
        }
      }
    } catch (IOException e) {
      TransportLog.debug("ending the connection to " + peer, e);
    }
  }
}
