package io.podkit.migrate.protocol;

/**
 * One thing that one host says to another. A closed family of records: {@link Session} opens and
 * ends conversations, {@link Control} is the conversation about one migration, {@link Bulk} is what
 * travels on data connections.
 *
 * <p>Constructing a message checks it; a message that exists is well formed, whoever made it. What
 * its values mean on this host (is the layer wanted? is the tree known?) the receiver checks.
 */
public sealed interface Message permits Session, Control, Bulk {

  /** The tag to dispatch on, and how the message is written. */
  default MessageType type() {
    return MessageType.of(getClass());
  }
}
