package io.podkit.migrate.transport;

import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.MessageType;

/**
 * A request that the peer made and that waits for its answer.
 *
 * @param id ties the answer to it
 * @param message the request
 */
public record Asked(int id, Message message) {

  /** The tag to dispatch on. */
  public MessageType type() {
    return message.type();
  }
}
