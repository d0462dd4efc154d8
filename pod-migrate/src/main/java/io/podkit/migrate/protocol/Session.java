package io.podkit.migrate.protocol;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.util.Set;

/** Messages that open, keep and end a conversation, whatever it is about. */
public sealed interface Session extends Message {

  /**
   * The first frame of a control connection.
   *
   * @param host the sender's name, as in its certificate
   * @param podkitVersion release of the sender, for people
   * @param capabilities optional parts of the protocol that the sender can do
   */
  record Hello(String host, String podkitVersion, Set<String> capabilities)
      implements Session, Request<Welcome> {

    /** Makes the texts harmless to a terminal and copies the set. */
    public Hello {
      host = PeerText.clean(host);
      podkitVersion = PeerText.clean(podkitVersion);
      capabilities = Set.copyOf(capabilities);
    }

    @Override
    public Class<Welcome> answerType() {
      return Welcome.class;
    }
  }

  /**
   * The answer to {@link Hello}: the conversation is open.
   *
   * @param host the sender's name, as in its certificate
   * @param podkitVersion release of the sender, for people
   * @param capabilities optional parts of the protocol that the sender can do
   */
  record Welcome(String host, String podkitVersion, Set<String> capabilities) implements Session {

    /** Makes the texts harmless to a terminal and copies the set. */
    public Welcome {
      host = PeerText.clean(host);
      podkitVersion = PeerText.clean(podkitVersion);
      capabilities = Set.copyOf(capabilities);
    }
  }

  /** "I am alive": sent when there is nothing else to say, never answered. */
  record Ping() implements Session {}

  /**
   * The answer to a request that failed, or (with id 0) the end of the conversation.
   *
   * @param kind name of an {@link ErrorKind}; one that this side does not know counts as PEER
   * @param what operation, subject and reason in one line
   * @param hint what the user can do; may be empty
   */
  record Failure(String kind, String what, String hint) implements Session {

    /** Makes the texts harmless to a terminal. */
    public Failure {
      kind = PeerText.clean(kind);
      what = PeerText.clean(what);
      hint = PeerText.clean(hint);
    }

    /** What the peer is told of a failure here: no stack trace, no cause. */
    public static Failure of(PodkitException e) {
      Hint hint = e.hint();
      return new Failure(e.kind().name(), e.what(), hint == null ? "" : hint.text());
    }

    /** The kind as this side knows it. */
    public ErrorKind errorKind() {
      for (ErrorKind known : ErrorKind.values()) {
        if (known.name().equals(kind)) {
          return known;
        }
      }
      return ErrorKind.PEER;
    }
  }
}
