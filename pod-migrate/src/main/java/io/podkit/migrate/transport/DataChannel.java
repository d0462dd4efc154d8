package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.Limits;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.ProtocolException;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import io.podkit.migrate.protocol.Request;
import io.podkit.migrate.protocol.Session;
import io.podkit.migrate.protocol.Session.Failure;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection for bulk data of one migration, one of several. It ends with the migration's control
 * channel, so it needs no pings of its own.
 *
 * <p>Used by one thread at a time, except for {@link #abort}, {@link #traffic} and {@link #want}.
 * Backpressure is TCP's: sending waits while the peer does not read, at most {@link Timeouts#stall}
 * without a byte.
 */
public final class DataChannel implements AutoCloseable {

  private final Connection connection;
  private final Timeouts timeouts;
  private final RateLimiter limiter;
  private final int index;
  private final AtomicInteger lastId = new AtomicInteger();

  /** Where the transfer under way gathers its content: small files come by the hundred. */
  private @Nullable ByteBuffer chunk;

  DataChannel(Connection connection, Timeouts timeouts, RateLimiter limiter, int index) {
    this.connection = connection;
    this.timeouts = timeouts;
    this.limiter = limiter;
    this.index = index;
  }

  /** The other host. */
  public Peer peer() {
    return connection.peer();
  }

  /** Which of the migration's data channels this is, from 0. */
  public int index() {
    return index;
  }

  /** What went over this connection so far. */
  public Traffic traffic() {
    return connection.traffic();
  }

  /**
   * Sends a message that belongs to no transfer, such as {@link Bulk.MemoryPages}. Waits for the
   * bandwidth limit and for the peer. Small messages gather: the peer need not have got this one
   * before {@link #flush}, {@link #ask}, the end of a transfer or {@link #close}.
   *
   * @throws PeerFailureException if the peer said that it gave up
   * @throws PeerLostException if the connection is gone
   * @throws PodkitException CANCELLED if the thread was interrupted before the message was begun
   *     (the flag stays set)
   */
  public void send(Bulk message) throws PodkitException {
    send(0, message);
  }

  /**
   * Begins a transfer. The one before must have ended.
   *
   * @return takes the content; the caller finishes it, or closes it to give up the channel
   */
  public BulkOutput begin(Bulk.Begin begin) throws PodkitException {
    int id = lastId.incrementAndGet();
    send(id, begin);
    if (chunk == null) {
      chunk = ByteBuffer.allocate(Limits.MAX_CHUNK_BYTES);
    }
    return new BulkOutput(this, id, chunk);
  }

  /**
   * Asks and waits for the answer; everything sent before has then been dealt with.
   *
   * @throws PeerFailureException if the peer could not do it
   * @throws PeerLostException if the connection ended
   * @throws PodkitException TIMEOUT or CANCELLED; the channel can then only be closed
   */
  public <A extends Message, R extends Bulk & Request<A>> A ask(R request, Duration timeout)
      throws PodkitException {
    return ask(lastId.incrementAndGet(), request, timeout);
  }

  <A extends Message, R extends Bulk & Request<A>> A ask(int id, R request, Duration timeout)
      throws PodkitException {
    send(id, request);
    flush();
    Frame answer = next(timeout);
    if (answer.id() != id || !request.answerType().isInstance(answer.message())) {
      throw ended(
          ProtocolException.of(
              Violation.ORDER,
              peer() + " answered " + answer.message().type() + " to " + request.type()));
    }
    return request.answerType().cast(answer.message());
  }

  void send(int id, Bulk message) throws PodkitException {
    int bytes = sizeOf(message);
    if (bytes > 0) {
      limiter.acquire(bytes);
      requireNoFailure();
    }
    try {
      connection.sendGathered(id, message);
    } catch (PeerLostException e) {
      throw reasonFor(e);
    }
  }

  /** Sends what has gathered; the peer need not have it when this returns. */
  public void flush() throws PodkitException {
    try {
      connection.flush();
    } catch (PeerLostException e) {
      throw reasonFor(e);
    }
  }

  /**
   * The next frame from the peer.
   *
   * @param timeout how long the peer may send no byte
   * @throws PeerFailureException if the peer gave up
   * @throws PeerLostException if the connection ended; orderly if between two frames
   * @throws PodkitException TIMEOUT, or CANCELLED if the thread was interrupted (the flag stays
   *     set); receiving may go on
   */
  public Frame receive(Duration timeout) throws PodkitException {
    return next(timeout);
  }

  /**
   * The content of a transfer whose beginning was just received.
   *
   * @param begin the frame with the {@link Bulk.Begin}
   * @param patience how long the peer may send no byte
   */
  public BulkInput content(Frame begin, Duration patience) {
    return new BulkInput(this, begin.id(), patience);
  }

  /** Asks for pages, from any thread; {@link #receive} gets them. */
  public void want(Bulk.PagesWanted wanted) throws PodkitException {
    connection.send(lastId.incrementAndGet(), wanted);
  }

  /**
   * Answers with pages. Does not wait for the bandwidth limit if somebody waits for them.
   *
   * @param urgent whether somebody does
   */
  public void answer(Frame request, Bulk.PageBatch pages, boolean urgent) throws PodkitException {
    if (!urgent) {
      limiter.acquire(sizeOf(pages));
    }
    answer(request, pages);
  }

  /** Answers a request or the end of a transfer. */
  public void answer(Frame request, Bulk answer) throws PodkitException {
    if (!(request.message() instanceof Request<?> asked)
        || !asked.answerType().isInstance(answer)) {
      throw new IllegalArgumentException(
          answer.type() + " does not answer " + request.message().type());
    }
    connection.send(request.id(), answer);
  }

  /** Tells the peer that this side gives up, and why; then the channel is closed. */
  public void fail(PodkitException reason) {
    connection.tellPeer(reason);
    connection.abort();
  }

  /** The exception for a frame that is legal elsewhere; the channel is closed with it. */
  public PodkitException unexpected(Frame frame) {
    return ended(
        ProtocolException.of(
            Violation.ORDER, peer() + " sent " + frame.message().type() + " out of turn"));
  }

  private Frame next(Duration patience) throws PodkitException {
    while (true) {
      Frame frame = connection.receiveUnlessSilent(patience);
      if (frame == null) {
        throw PodkitException.timeout(peer() + " sent nothing for " + Timeouts.inWords(patience));
      }
      if (isContent(frame)) {
        return frame;
      }
    }
  }

  /** Whether it is something for the user of this channel; pings are not. */
  private boolean isContent(Frame frame) throws PodkitException {
    Message message = frame.message();
    if (message instanceof Failure failure) {
      throw new PeerFailureException(peer(), failure);
    }
    if (message instanceof Control || message instanceof Session.Hello) {
      throw unexpected(frame);
    }
    return message instanceof Bulk;
  }

  /** Looks, without waiting, whether the peer gave up: else a long sender would learn it last. */
  private void requireNoFailure() throws PodkitException {
    Frame frame = connection.hasInput() ? connection.receive(Duration.ZERO) : null;
    if (frame != null && isContent(frame)) {
      throw unexpected(frame);
    }
  }

  /** What the peer said before our writing failed explains more than the failure. */
  private PodkitException reasonFor(PeerLostException lost) {
    try {
      Frame frame;
      while ((frame = connection.receive(timeouts.linger())) != null) {
        if (frame.message() instanceof Failure failure) {
          return new PeerFailureException(peer(), failure);
        }
      }
    } catch (PodkitException e) {
      lost.addSuppressed(e);
    }
    return lost;
  }

  private PodkitException ended(ProtocolException reason) {
    fail(reason);
    return reason;
  }

  private static int sizeOf(Bulk message) {
    if (message instanceof Bulk.Data data) {
      return data.content().remaining();
    }
    if (message instanceof Bulk.PageBatch batch) {
      return batch.table().remaining() + batch.content().remaining();
    }
    return message instanceof Bulk.MemoryPages pages ? pages.content().remaining() : 0;
  }

  /** Ends the connection in order: what was sent arrives. Closing again does nothing. */
  @Override
  public void close() {
    try {
      connection.flush();
    } catch (PodkitException e) {
      TransportLog.debug("sending the last to " + peer(), e);
    }
    connection.close();
  }

  /** Ends the connection at once, for a reason that whoever waits on it gets. */
  void abort(PodkitException reason) {
    connection.fail(reason);
  }

  /** Ends the connection at once, from any thread; who waits on it gets PeerLostException. */
  public void abort() {
    connection.abort();
  }
}
