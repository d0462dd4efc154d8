package io.podkit.migrate.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.ProtocolException;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import io.podkit.migrate.protocol.Request;
import io.podkit.migrate.protocol.Session;
import io.podkit.migrate.protocol.Session.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A conversation of requests and answers with one peer. Both sides may ask; pings go to and fro by
 * themselves, and a peer that falls silent for {@link Timeouts#silence} is given up, whatever the
 * threads of this side are doing.
 *
 * <p>Thread-safe. Whoever opened it closes it.
 */
public final class ControlChannel implements AutoCloseable {

  private final Connection connection;
  private final Timeouts timeouts;
  private final Set<String> capabilities;
  private final Questions questions;
  private final Inbox inbox = new Inbox();

  @GuardedBy("whenLost")
  private final List<Consumer<PodkitException>> whenLost = new ArrayList<>();

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable PodkitException end;

  /**
   * Takes over a connection on which both sides have greeted each other.
   *
   * @param capabilities what the peer says it can do
   */
  ControlChannel(Connection connection, Timeouts timeouts, Set<String> capabilities) {
    this.connection = connection;
    this.timeouts = timeouts;
    this.capabilities = Set.copyOf(capabilities);
    this.questions = new Questions(connection.peer());
  }

  /** Begins to listen and to ping. */
  ControlChannel start() {
    thread("read", this::listen).start();
    thread("ping", this::keepAlive).start();
    return this;
  }

  /** The other host. */
  public Peer peer() {
    return connection.peer();
  }

  /** Optional parts of the protocol that the peer can do. */
  public Set<String> capabilities() {
    return capabilities;
  }

  /** What went over this connection so far. */
  public Traffic traffic() {
    return connection.traffic();
  }

  /** Whether the conversation is over. */
  public boolean isEnded() {
    return end != null;
  }

  /**
   * Has {@code action} run when the conversation ends, for whatever reason, on a thread that must
   * not be held up; at once if it has ended already. For cancelling work that waits for something
   * else than this peer.
   */
  public void onEnd(Runnable action) {
    onEnd(reason -> action.run());
  }

  /** As {@link #onEnd(Runnable)}, with the reason. */
  void onEnd(Consumer<PodkitException> action) {
    PodkitException reason;
    synchronized (whenLost) {
      reason = end;
      if (reason == null) {
        whenLost.add(action);
        return;
      }
    }
    action.accept(reason);
  }

  /**
   * Asks and waits for the answer.
   *
   * @throws PeerFailureException if the peer could not do it; has the peer's kind, reason and hint
   * @throws PeerLostException if the connection ended; whether the peer did it is not known
   * @throws PodkitException TIMEOUT if there was no answer in time, CANCELLED if the thread was
   *     interrupted (the flag stays set); then too the peer may have done it. A late answer is
   *     dropped and the channel stays usable
   */
  public <A extends Message, R extends Message & Request<A>> A ask(R request, Duration timeout)
      throws PodkitException {
    Questions.Ticket ticket = questions.open(request.answerType());
    try {
      send(ticket.id(), request);
      Message answer = ticket.answer().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return request.answerType().cast(answer);
    } catch (TimeoutException e) {
      throw PodkitException.timeout(
          peer() + " did not answer " + request.type() + " within " + Timeouts.inWords(timeout));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("waiting for " + peer() + " was cancelled");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PodkitException reason
          ? reason
          : PodkitException.internal("waiting for " + peer(), e);
    } finally {
      questions.abandon(ticket);
    }
  }

  /**
   * The peer's next request.
   *
   * @throws PeerLostException if the conversation ended; {@link PeerLostException#orderly} tells
   *     whether the peer wanted it so
   * @throws PodkitException TIMEOUT if there was none in time, CANCELLED if the thread was
   *     interrupted (the flag stays set)
   */
  public Asked receive(Duration timeout) throws PodkitException {
    try {
      Asked asked = inbox.take(timeout);
      if (asked == null) {
        throw PodkitException.timeout(
            peer() + " asked for nothing within " + Timeouts.inWords(timeout));
      }
      return asked;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("waiting for " + peer() + " was cancelled");
    }
  }

  /**
   * The exception for a request that is legal elsewhere. The caller throws it and so ends the
   * conversation.
   */
  public ProtocolException unexpected(Asked asked) {
    return ProtocolException.of(
        Violation.ORDER, peer() + " asked " + asked.type() + " out of turn");
  }

  /** Answers a request. */
  public void answer(Asked asked, Message answer) throws PodkitException {
    if (!(asked.message() instanceof Request<?> request)
        || !request.answerType().isInstance(answer)) {
      throw new IllegalArgumentException(answer.type() + " does not answer " + asked.type());
    }
    send(asked.id(), answer);
  }

  /** Answers that a request failed; the conversation goes on. */
  public void refuse(Asked asked, PodkitException reason) throws PodkitException {
    send(asked.id(), Failure.of(reason));
  }

  private void send(int id, Message message) throws PodkitException {
    try {
      connection.send(id, message);
    } catch (PeerLostException e) {
      throw reasonFor(e);
    }
  }

  /**
   * A peer that ends the conversation says why before our writing fails, so the listening thread
   * knows, or is about to know, more than the failed write.
   */
  private PodkitException reasonFor(PeerLostException lost) {
    awaitEnd();
    PodkitException known = end;
    return known == null ? lost : PeerLostException.again(known);
  }

  /**
   * Why something failed that was done beside this conversation: a peer that gives up says why
   * here, and then cuts every other connection.
   */
  public PodkitException explain(PodkitException failure) {
    if (!PeerLostException.isReasonOf(failure)) {
      return failure;
    }
    awaitEnd();
    PodkitException known = end;
    if (known == null || known == failure) {
      return failure;
    }
    PodkitException reason = PeerLostException.again(known);
    reason.addSuppressed(failure);
    return reason;
  }

  /** Gives the listening thread a moment to end; an interrupt stays pending. */
  private void awaitEnd() {
    boolean interrupted = Thread.interrupted();
    try {
      ended.await(timeouts.linger().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    PodkitException reason = PodkitException.internal("listening to " + peer() + " failed", null);
    try {
      while (true) {
        Frame frame = connection.receiveUnlessSilent(timeouts.silence());
        if (frame == null) {
          throw new PeerLostException(
              peer() + " has been silent for " + Timeouts.inWords(timeouts.silence()), false, null);
        }
        take(frame);
      }
    } catch (PodkitException e) {
      reason = e;
      if (e instanceof ProtocolException) {
        connection.tellPeer(e);
      }
    } finally {
      end(reason);
    }
  }

  private void take(Frame frame) throws PodkitException {
    Message message = frame.message();
    if (message instanceof Bulk) {
      throw ProtocolException.of(
          Violation.TYPE, peer() + " sent " + message.type() + " on a control connection");
    }
    if (message instanceof Session.Ping) {
      return;
    }
    if (message instanceof Failure failure && frame.id() == 0) {
      throw new PeerFailureException(peer(), failure);
    }
    if (!(message instanceof Request<?>)) {
      questions.answered(frame);
    } else if (!inbox.offer(new Asked(frame.id(), message))) {
      throw ProtocolException.of(Violation.ORDER, peer() + " asks faster than it can be answered");
    }
  }

  private void end(PodkitException reason) {
    List<Consumer<PodkitException>> actions;
    synchronized (whenLost) {
      end = reason;
      actions = List.copyOf(whenLost);
      whenLost.clear();
    }
    connection.fail(reason);
    questions.close(reason);
    inbox.close(reason);
    ended.countDown();
    actions.forEach(action -> action.accept(reason));
  }

  private void keepAlive() {
    try {
      long interval = timeouts.keepalive().dividedBy(2).toNanos();
      while (!ended.await(interval, TimeUnit.NANOSECONDS)) {
        if (connection.quietFor(timeouts.keepalive().dividedBy(2))) {
          connection.send(0, new Session.Ping());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PodkitException e) {
      // The listening thread meets the same and tells it to everybody.
      TransportLog.debug("pinging " + peer(), e);
    }
  }

  /** Tells the peer why this side ends the conversation, and ends it. */
  public void fail(PodkitException reason) {
    try {
      connection.send(0, Failure.of(reason));
    } catch (PodkitException e) {
      TransportLog.debug("telling " + peer() + " what went wrong", e);
    }
    close();
  }

  /** Ends the conversation in order: what was sent arrives. Closing again does nothing. */
  @Override
  public void close() {
    if (!isEnded()) {
      connection.sayGoodbye();
      awaitEnd();
    }
    connection.abort();
  }

  /** Ends the conversation at once, from any thread. */
  public void abort() {
    connection.abort();
  }

  private Thread thread(String role, Runnable work) {
    Thread thread = new Thread(work, "control-" + peer() + "-" + role);
    thread.setDaemon(true);
    return thread;
  }
}
