package io.podkit.linux;

import java.io.IOException;

/**
 * A system call failed.
 *
 * <p>The message reads {@code umount2(/run/pod/x/root): EBUSY (Device or resource busy)}. Callers
 * branch on {@link #errno()}.
 */
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;
  private final String call;
  private final String subject;

  /**
   * A failed call.
   *
   * @param errno what errno said right after the call
   * @param call the C function's name
   * @param subject what it was called on: a path, {@code fd 5}, {@code pid 17}
   */
  public ErrnoException(Errno errno, String call, String subject) {
    super(call + "(" + subject + "): " + errno);
    this.errno = errno;
    this.call = call;
    this.subject = subject;
  }

  /** Why it failed. */
  public Errno errno() {
    return errno;
  }

  /** The C function's name. */
  public String call() {
    return call;
  }

  /** What it was called on. */
  public String subject() {
    return subject;
  }

  /** Whether it failed for that reason. */
  public boolean is(Errno other) {
    return errno == other;
  }
}
