package io.podkit.migrate.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Requests that came and were not yet looked at. Thread-safe. */
final class Inbox {

  /** A peer that asks more than this without an answer is not following the protocol. */
  private static final int CAPACITY = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  @GuardedBy("lock")
  private final Deque<Asked> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private @Nullable PodkitException end;

  /** Whether there was room. */
  boolean offer(Asked asked) {
    lock.lock();
    try {
      if (waiting.size() >= CAPACITY) {
        return false;
      }
      waiting.add(asked);
      arrived.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** No more will come. Those that are here can still be taken, then everybody gets the reason. */
  void close(PodkitException reason) {
    lock.lock();
    try {
      end = reason;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next one, waiting for it.
   *
   * @return null if the timeout passed
   */
  @Nullable Asked take(Duration timeout) throws PodkitException, InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        PodkitException reason = end;
        if (reason != null) {
          throw PeerLostException.again(reason);
        }
        if (left <= 0) {
          return null;
        }
        left = arrived.awaitNanos(left);
      }
      return waiting.remove();
    } finally {
      lock.unlock();
    }
  }
}
