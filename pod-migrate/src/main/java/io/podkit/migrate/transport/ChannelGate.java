package io.podkit.migrate.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.ChannelToken;
import io.podkit.migrate.protocol.MigrationId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where the data connections of one migration come in. Thread-safe. */
public final class ChannelGate implements AutoCloseable {

  private final ChannelGates gates;
  private final MigrationId migration;
  private final Peer peer;
  private final int channels;
  private final ChannelToken token = ChannelToken.random();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Deque<DataChannel> arrived = new ArrayDeque<>();

  @GuardedBy("lock")
  private final List<DataChannel> all = new ArrayList<>();

  @GuardedBy("lock")
  private final BitSet used = new BitSet();

  @GuardedBy("lock")
  private boolean closed;

  ChannelGate(ChannelGates gates, MigrationId migration, Peer peer, int channels) {
    this.gates = gates;
    this.migration = migration;
    this.peer = peer;
    this.channels = channels;
  }

  /** What a data connection must show, for {@code Prepared}. */
  public ChannelToken token() {
    return token;
  }

  /**
   * The next data connection, in the order they came. The gate closes it, the caller may do so
   * earlier.
   *
   * @throws PodkitException TIMEOUT if none came in time, PEER if the migration ended, CANCELLED if
   *     the thread was interrupted (the flag stays set)
   */
  public DataChannel accept(Duration timeout) throws PodkitException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (arrived.isEmpty()) {
        if (closed) {
          throw PodkitException.peer("the conversation with " + peer + " has ended", null);
        }
        if (left <= 0) {
          throw PodkitException.timeout(
              peer + " opened no data connection within " + Timeouts.inWords(timeout));
        }
        left = changed.awaitNanos(left);
      }
      return arrived.remove();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("waiting for " + peer + " was cancelled");
    } finally {
      lock.unlock();
    }
  }

  /** Whether that connection may come in; if so its index is taken. */
  boolean admits(Peer caller, Bulk.ChannelOpen wanted) {
    lock.lock();
    try {
      boolean admitted =
          !closed
              && token.matches(wanted.token())
              && caller.name().equals(peer.name())
              && wanted.index() < channels
              && !used.get(wanted.index());
      if (admitted) {
        used.set(wanted.index());
      }
      return admitted;
    } finally {
      lock.unlock();
    }
  }

  /** Takes over a channel that was admitted. */
  void enter(DataChannel channel) {
    lock.lock();
    try {
      if (closed) {
        channel.abort();
        return;
      }
      all.add(channel);
      arrived.add(channel);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all channels at once and admits no more. Closing again does nothing. */
  @Override
  public void close() {
    close(PodkitException.peer("the conversation with " + peer + " has ended", null));
  }

  /** As {@link #close()}, for a reason that whoever waits on a channel gets. */
  void close(PodkitException reason) {
    gates.remove(migration, this);
    List<DataChannel> toEnd;
    lock.lock();
    try {
      closed = true;
      toEnd = List.copyOf(all);
      all.clear();
      arrived.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    toEnd.forEach(channel -> channel.abort(reason));
  }
}
