package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.util.Objects;

/** A connection's failure on its way through a stream, which can throw nothing else. */
public final class ChannelIoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final PodkitException reason;

  ChannelIoException(PodkitException reason) {
    super(reason.what(), reason);
    this.reason = Objects.requireNonNull(reason);
  }

  /** Takes a failure of a connection through code that knows only IOException. */
  public static ChannelIoException of(PodkitException reason) {
    return new ChannelIoException(reason);
  }

  /** What happened to the connection. */
  public PodkitException reason() {
    return reason;
  }

  /**
   * What a stream's exception means: the connection's own failure if it is one, else an IO failure
   * of what was being done.
   *
   * @param what what was being done, for messages
   */
  public static PodkitException unwrap(String what, IOException e) {
    return e instanceof ChannelIoException channel
        ? channel.reason.during(what)
        : PodkitException.io(what, e);
  }
}
