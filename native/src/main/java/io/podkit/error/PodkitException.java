package io.podkit.error;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operation failed in a way that its caller must handle.
 *
 * <p>The message names the operation and its subject ("cannot start pod web: ..."), the hint says
 * what the user can do, the cause keeps the detail. Context is added where a module ends, not at
 * every call.
 */
public class PodkitException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;
  private final transient @Nullable Hint hint;

  /**
   * An exception with all its parts; the factories below are shorter for the usual cases.
   *
   * @param kind what callers branch on
   * @param what the operation, its subject and the reason, in one line
   * @param hint what the user can do, if anything
   * @param cause the failure underneath, if any
   */
  public PodkitException(
      ErrorKind kind, String what, @Nullable Hint hint, @Nullable Throwable cause) {
    super(Objects.requireNonNull(what, "what"), cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.hint = hint;
  }

  /** An exception of that kind with neither hint nor cause. */
  public static PodkitException of(ErrorKind kind, String what) {
    return new PodkitException(kind, what, null, null);
  }

  /** An exception of that kind with a hint. */
  public static PodkitException of(ErrorKind kind, String what, Hint hint) {
    return new PodkitException(kind, what, hint, null);
  }

  /** The request is wrong. */
  public static PodkitException usage(String what) {
    return of(ErrorKind.USAGE, what);
  }

  /** The named thing does not exist. */
  public static PodkitException notFound(String what) {
    return of(ErrorKind.NOT_FOUND, what);
  }

  /** The thing exists already or is in the wrong state. */
  public static PodkitException conflict(String what) {
    return of(ErrorKind.CONFLICT, what);
  }

  /** The operation is not allowed. */
  public static PodkitException refused(String what) {
    return of(ErrorKind.REFUSED, what);
  }

  /** This host cannot do it; the hint says what is missing. */
  public static PodkitException unsupported(String what, Hint hint) {
    return of(ErrorKind.UNSUPPORTED, what, hint);
  }

  /** The other host failed or could not be reached. */
  public static PodkitException peer(String what, @Nullable Throwable cause) {
    return new PodkitException(ErrorKind.PEER, what, null, cause);
  }

  /** A bug, or state on disk that Podkit cannot have written. */
  public static PodkitException internal(String what, @Nullable Throwable cause) {
    return new PodkitException(ErrorKind.INTERNAL, what, null, cause);
  }

  /** The user or a signal asked to stop. */
  public static PodkitException cancelled(String what) {
    return of(ErrorKind.CANCELLED, what);
  }

  /** A deadline passed. */
  public static PodkitException timeout(String what) {
    return of(ErrorKind.TIMEOUT, what);
  }

  /**
   * A failed read, write or system call in the words of the operation that needed it: the message
   * is {@code what: } and the cause's own message.
   */
  public static PodkitException io(String what, IOException cause) {
    return new PodkitException(ErrorKind.IO, what + ": " + reason(cause), null, cause);
  }

  /**
   * This failure as part of a larger operation: the message becomes {@code what: } and this
   * message; kind and hint stay, and this exception is the cause.
   */
  public PodkitException during(String what) {
    return new PodkitException(kind, what + ": " + getMessage(), hint, this);
  }

  /** The same failure with that hint, when this one has none; otherwise this exception itself. */
  public PodkitException withHint(Hint newHint) {
    return hint != null ? this : new PodkitException(kind, what(), newHint, this);
  }

  /** What sort of failure it was. */
  public final ErrorKind kind() {
    return kind;
  }

  /** The operation, its subject and the reason: the message, never null. */
  public final String what() {
    return Objects.requireNonNullElse(getMessage(), kind.name());
  }

  /** What the user can do, or null. */
  public final @Nullable Hint hint() {
    return hint;
  }

  private static String reason(IOException cause) {
    if (cause instanceof FileSystemException e) {
      // A NoSuchFileException carries only the path: its class is the reason.
      String reason = e.getReason();
      return e.getFile() + ": " + (reason != null ? reason : e.getClass().getSimpleName());
    }
    if (cause instanceof UnknownHostException) {
      return "unknown host " + cause.getMessage();
    }
    String message = cause.getMessage();
    return message != null ? message : cause.getClass().getSimpleName();
  }
}
