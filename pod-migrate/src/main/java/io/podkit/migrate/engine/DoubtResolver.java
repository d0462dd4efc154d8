package io.podkit.migrate.engine;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.migrate.transport.AgentClient;
import java.time.Duration;

/**
 * Finds out who owns a pod whose grant was not answered, by asking the target for as long as it
 * takes or patience lasts. Only the target's word counts: a source that guessed could make two
 * running copies.
 */
final class DoubtResolver {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Asks one agent what became of one migration. */
  @FunctionalInterface
  interface Question {
    MigrationState ask() throws PodkitException;
  }

  private final Question question;
  private final String subject;

  DoubtResolver(Question question, String subject) {
    this.question = question;
    this.subject = subject;
  }

  static DoubtResolver asking(
      AgentClient client, AgentAddress agent, MigrationId migration, String pod) {
    return new DoubtResolver(
        () -> client.status(agent, migration, ANSWER), "whether " + agent + " owns pod " + pod);
  }

  /**
   * Asks until the answer decides.
   *
   * @return true if the target owns the pod, false if it never will
   * @throws PodkitException of kind IN_DOUBT if it could not be learned within {@code patience}
   */
  boolean targetOwns(Duration patience) throws PodkitException {
    MigrationState state = resolve(patience);
    return state == MigrationState.RUNNING || state == MigrationState.FILLING;
  }

  /**
   * As {@link #targetOwns}, in the target's words.
   *
   * @return RUNNING, FILLING, ABORTED or UNKNOWN
   */
  MigrationState resolve(Duration patience) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    PodkitException last = null;
    do {
      try {
        MigrationState state = question.ask();
        switch (state) {
          case RUNNING, FILLING, ABORTED, UNKNOWN -> {
            return state;
          }
          case PREPARING, HELD, OWNED -> last = null; // it is still deciding
        }
      } catch (PodkitException e) {
        last = e;
      }
    } while (System.nanoTime() - deadline < 0 && pause());
    throw new PodkitException(
        ErrorKind.IN_DOUBT,
        "it is not known "
            + subject
            + ": "
            + (last == null ? "it has not decided yet" : last.what()),
        new Hint(
            "the pod stands still here; when the link is back, run pod recover. If the target is gone for good:"
                + " pod recover --assume source"),
        last);
  }

  /** False if the thread was interrupted: the answer is then still not known. */
  private static boolean pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
