package io.podkit.linux;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor of this process, always close-on-exec.
 *
 * <p>Whoever got it from a {@link Syscalls} method closes it or hands it on with {@link
 * #release()}. Closing twice is harmless; using it after that is an {@link IllegalStateException}.
 */
public final class Fd implements Closeable {

  /** How a descriptor is closed; {@link Syscalls} implementations supply it. */
  @FunctionalInterface
  public interface Closer {
    /** close(2). */
    void close(int number) throws ErrnoException;
  }

  private final int number;
  private final Closer closer;
  private final AtomicBoolean gone = new AtomicBoolean();

  /**
   * Takes ownership of a descriptor.
   *
   * @param number not negative
   */
  public Fd(int number, Closer closer) {
    if (number < 0) {
      throw new IllegalArgumentException("not a file descriptor: " + number);
    }
    this.number = number;
    this.closer = closer;
  }

  /** The number, for the kernel and CRIU only; it may mean another file after {@link #close()}. */
  public int number() {
    if (gone.get()) {
      throw new IllegalStateException("fd " + number + " is closed or was handed over");
    }
    return number;
  }

  /** Whether it can still be used. */
  public boolean isOpen() {
    return !gone.get();
  }

  /** A path under which this process can open the same file again: {@code /proc/self/fd/N}. */
  public Path procPath() {
    return Path.of("/proc/self/fd/" + number());
  }

  /**
   * Gives the descriptor to a new owner, who will close the number itself.
   *
   * @return the number
   */
  public int release() {
    if (!gone.compareAndSet(false, true)) {
      throw new IllegalStateException("fd " + number + " is closed or was handed over");
    }
    return number;
  }

  /**
   * Closes it; does nothing if it is closed or was handed over.
   *
   * @throws ErrnoException if close(2) reports a late write error; the descriptor is gone anyway
   */
  @Override
  public void close() throws ErrnoException {
    if (gone.compareAndSet(false, true)) {
      closer.close(number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number;
  }
}
