package io.podkit.migrate.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.ProtocolException;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import io.podkit.migrate.protocol.Session.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Requests of ours that wait for the peer's answer. Thread-safe. */
final class Questions {

  private record Open(Class<? extends Message> answerType, CompletableFuture<Message> answer) {}

  private final Peer peer;

  @GuardedBy("this")
  private final Map<Integer, Open> open = new HashMap<>();

  @GuardedBy("this")
  private int lastId;

  @GuardedBy("this")
  private @Nullable PodkitException end;

  Questions(Peer peer) {
    this.peer = peer;
  }

  /**
   * A question about to be sent.
   *
   * @param id to send it with
   * @param answer completes with the answer, or with a PodkitException
   */
  record Ticket(int id, CompletableFuture<Message> answer) {}

  synchronized Ticket open(Class<? extends Message> answerType) throws PodkitException {
    if (end != null) {
      throw PeerLostException.again(end);
    }
    int id = ++lastId;
    CompletableFuture<Message> answer = new CompletableFuture<>();
    open.put(id, new Open(answerType, answer));
    return new Ticket(id, answer);
  }

  /** Nobody waits for that answer any more; should it come, it is dropped. */
  synchronized void abandon(Ticket ticket) {
    open.remove(ticket.id());
  }

  /**
   * Gives an answer or failure to who waits for it.
   *
   * @throws ProtocolException if nobody ever asked for it, or asked for something else
   */
  synchronized void answered(Frame frame) throws ProtocolException {
    Open question = open.remove(frame.id());
    if (question == null) {
      if (frame.id() > 0 && frame.id() <= lastId) {
        return; // the answer to a question that was given up
      }
      throw ProtocolException.of(
          Violation.ORDER, peer + " answered " + frame.message().type() + " to no question");
    }
    if (frame.message() instanceof Failure failure) {
      question.answer.completeExceptionally(new PeerFailureException(peer, failure));
    } else if (question.answerType.isInstance(frame.message())) {
      question.answer.complete(frame.message());
    } else {
      ProtocolException wrong =
          ProtocolException.of(
              Violation.ORDER,
              peer
                  + " answered "
                  + frame.message().type()
                  + " where "
                  + question.answerType.getSimpleName()
                  + " was due");
      question.answer.completeExceptionally(wrong);
      throw wrong;
    }
  }

  /** No answer will come any more. */
  synchronized void close(PodkitException reason) {
    end = reason;
    open.values().forEach(question -> question.answer.completeExceptionally(reason));
    open.clear();
  }
}
