package io.podkit.migrate.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.error.PodkitException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Caps the bytes per second of everything that shares it: a token bucket that may go into debt by
 * one frame, so that a frame larger than the bucket passes too. Thread-safe; the rate may be
 * changed at any time, also while threads wait.
 */
public final class RateLimiter {

  /** No limit. */
  public static final long UNLIMITED = 0;

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /** The bucket holds what flows in this time: short enough that a cap looks like a cap. */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private long bytesPerSecond;

  @GuardedBy("lock")
  private double tokens;

  @GuardedBy("lock")
  private long refilledAt;

  /** A limiter that begins with a full bucket; {@code bytesPerSecond} 0 is no limit. */
  public RateLimiter(long bytesPerSecond) {
    this(bytesPerSecond, System::nanoTime);
  }

  RateLimiter(long bytesPerSecond, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.bytesPerSecond = checked(bytesPerSecond);
    this.refilledAt = nanoClock.getAsLong();
    this.tokens = capacity(bytesPerSecond);
  }

  /** A limiter that lets everything pass until it is given a rate. */
  public static RateLimiter unlimited() {
    return new RateLimiter(UNLIMITED);
  }

  /** The rate in bytes per second; 0 is no limit. */
  public long rate() {
    lock.lock();
    try {
      return bytesPerSecond;
    } finally {
      lock.unlock();
    }
  }

  /** Changes the rate at once. */
  public void setRate(long newBytesPerSecond) {
    lock.lock();
    try {
      refill();
      bytesPerSecond = checked(newBytesPerSecond);
      tokens = Math.min(tokens, capacity(newBytesPerSecond));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until {@code bytes} may be sent.
   *
   * @throws PodkitException CANCELLED if the thread is interrupted; the flag stays set
   */
  public void acquire(int bytes) throws PodkitException {
    lock.lock();
    try {
      long wait;
      while ((wait = tryAcquire(bytes)) > 0) {
        changed.awaitNanos(wait);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("sending was cancelled");
    } finally {
      lock.unlock();
    }
  }

  /** Takes the bytes and returns 0, or returns the nanoseconds until it is worth asking again. */
  long tryAcquire(int bytes) {
    lock.lock();
    try {
      if (bytesPerSecond == UNLIMITED) {
        return 0;
      }
      refill();
      if (tokens > 0) {
        tokens -= bytes;
        return 0;
      }
      return 1 + (long) (-tokens * NANOS_PER_SECOND / bytesPerSecond);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void refill() {
    long now = nanoClock.getAsLong();
    double earned = (double) (now - refilledAt) * bytesPerSecond / NANOS_PER_SECOND;
    tokens = Math.min(tokens + earned, capacity(bytesPerSecond));
    refilledAt = now;
  }

  private static double capacity(long bytesPerSecond) {
    return (double) bytesPerSecond * BURST_NANOS / NANOS_PER_SECOND;
  }

  private static long checked(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes per second");
    }
    return bytesPerSecond;
  }
}
