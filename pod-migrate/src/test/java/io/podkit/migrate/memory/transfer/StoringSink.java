package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.store.StoreLane;
import io.podkit.migrate.protocol.Bulk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The target's end of a channel without the channel; also one that fails, or takes nothing. */
final class StoringSink implements BatchSink {
  private final BatchDecoder decoder;
  private final List<Long> addresses = new CopyOnWriteArrayList<>();
  private final List<Bulk.PageBatch> batches = new CopyOnWriteArrayList<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private volatile @Nullable PodkitException failure;
  private volatile boolean stuck;
  private volatile boolean flushed = true;

  StoringSink(StoreLane lane) {
    decoder = new BatchDecoder(lane);
  }

  /** From now on the peer is gone. */
  void fail(PodkitException reason) {
    failure = reason;
  }

  /** From now on the peer reads nothing. */
  void getStuck() {
    stuck = true;
  }

  @Override
  public void send(Bulk.PageBatch batch) throws PodkitException {
    PodkitException gone = failure;
    if (gone != null) {
      throw gone;
    }
    if (stuck) {
      awaitInterrupt();
    }
    addresses.addAll(addresses(batch.table()));
    batches.add(batch);
    decoder.take(batch);
    flushed = false;
  }

  private void awaitInterrupt() throws PodkitException {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("sending was interrupted");
    }
  }

  private static List<Long> addresses(ByteBuffer table) {
    List<Long> addresses = new ArrayList<>();
    ByteBuffer entries = table.duplicate();
    while (entries.hasRemaining()) {
      long address = entries.getLong();
      int pages = entries.getInt();
      if (entries.getInt() == PageTable.SAME) {
        entries.position(entries.position() + 2 * Long.BYTES);
      }
      for (int page = 0; page < pages; page++) {
        addresses.add(address + (long) page * PageRun.PAGE_SIZE);
      }
    }
    return addresses;
  }

  @Override
  public void flush() {
    flushed = true;
  }

  /** Whether everything that was sent has left. */
  boolean isFlushed() {
    return flushed;
  }

  /** Of pages that came, in their order. */
  List<Long> addresses() {
    return addresses;
  }

  /** How many came. */
  int batches() {
    return batches.size();
  }
}
