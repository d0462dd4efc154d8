package io.podkit.migrate.protocol;

import java.util.Objects;

/**
 * A message and what it belongs to.
 *
 * @param id of a request, its answer, or a transfer; chosen by the side that asks; 0 for messages
 *     that belong to the connection itself
 * @param message what is said
 */
public record Frame(int id, Message message) {

  /** Refuses a frame that says nothing. */
  public Frame {
    Objects.requireNonNull(message, "message");
  }
}
