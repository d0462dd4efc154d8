package io.podkit.migrate.protocol;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import org.jspecify.annotations.Nullable;

/**
 * The peer broke the protocol. Nothing that came with the offending bytes has been acted upon, and
 * the connection is good for nothing but closing.
 */
public final class ProtocolException extends PodkitException {
  private static final long serialVersionUID = 1L;

  /** Which rule was broken. */
  public enum Violation {
    /** The first bytes are not those of Podkit. */
    MAGIC,
    /** The peer speaks a version that this side does not. */
    VERSION,
    /** A frame of a type that does not exist or has no place on this connection. */
    TYPE,
    /** A reserved field is not zero. */
    RESERVED,
    /** A frame is longer than its type may be, or shorter than its type must be. */
    LENGTH,
    /** The content is not what its checksum says. */
    CHECKSUM,
    /** The frame is well formed and says something that cannot be. */
    CONTENT,
    /** The stream ended in the middle of something. */
    TRUNCATED,
    /** A message that is legal elsewhere came where another one was due. */
    ORDER
  }

  private final Violation violation;

  ProtocolException(
      Violation violation, String what, @Nullable Hint hint, @Nullable Throwable cause) {
    super(ErrorKind.PEER, what, hint, cause);
    this.violation = violation;
  }

  /** A violation without a hint. */
  public static ProtocolException of(Violation violation, String what) {
    return new ProtocolException(violation, what, null, null);
  }

  /** Which rule was broken. */
  public Violation violation() {
    return violation;
  }
}
