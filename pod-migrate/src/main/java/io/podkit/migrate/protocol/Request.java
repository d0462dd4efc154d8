package io.podkit.migrate.protocol;

/**
 * A message that is answered by one message with the same id, or by a {@link Session.Failure}.
 *
 * @param <A> the answer
 */
public interface Request<A extends Message> {

  /** What answers it. */
  Class<A> answerType();
}
