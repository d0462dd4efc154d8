package io.podkit.migrate.memory.transfer;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What became of the pages that were found. Thread-safe. */
public final class PageCounts {
  private final LongAdder content = new LongAdder();
  private final LongAdder zero = new LongAdder();
  private final LongAdder referenced = new LongAdder();
  private final LongAdder unchanged = new LongAdder();
  private final LongAdder wireBytes = new LongAdder();
  private final LongConsumer sent;

  /**
   * Nothing yet.
   *
   * @param sent told how many bytes went out, by any thread
   */
  public PageCounts(LongConsumer sent) {
    this.sent = sent;
  }

  /**
   * At one moment.
   *
   * @param content sent
   * @param zero known to be zeros
   * @param referenced equal to one that the target has
   * @param unchanged written to, but as the target has them
   * @param wireBytes bytes of batches, packed
   */
  public record Snapshot(long content, long zero, long referenced, long unchanged, long wireBytes) {
    /** What came since an earlier one. */
    public Snapshot since(Snapshot before) {
      return new Snapshot(
          content - before.content,
          zero - before.zero,
          referenced - before.referenced,
          unchanged - before.unchanged,
          wireBytes - before.wireBytes);
    }

    /** With what another counter has. */
    public Snapshot plus(Snapshot other) {
      return new Snapshot(
          content + other.content,
          zero + other.zero,
          referenced + other.referenced,
          unchanged + other.unchanged,
          wireBytes + other.wireBytes);
    }

    /** Pages of every kind. */
    public long pages() {
      return content + zero + referenced + unchanged;
    }
  }

  /** Pages that were looked at; a batch at once, as this is written by many threads. */
  void pages(int contentPages, int zeroPages, int referencedPages, int unchangedPages) {
    content.add(contentPages);
    zero.add(zeroPages);
    referenced.add(referencedPages);
    unchanged.add(unchangedPages);
  }

  void wire(long bytes) {
    wireBytes.add(bytes);
    sent.accept(bytes);
  }

  /** As far as it is now. */
  public Snapshot snapshot() {
    return new Snapshot(
        content.sum(), zero.sum(), referenced.sum(), unchanged.sum(), wireBytes.sum());
  }
}
