package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Limits;
import java.nio.ByteBuffer;

/**
 * Makes batches of pages that were read: what the target has already is left out or named, what is
 * zero is said to be. Not thread-safe.
 */
final class BatchEncoder {
  private final SentPages sent = new SentPages();
  private final PageHash hash = new PageHash();
  private final PageTable table = new PageTable();
  private final ByteBuffer packed = ByteBuffer.allocateDirect(Codec.bound(Limits.MAX_CHUNK_BYTES));
  private ByteBuffer pages = packed;
  private int kept;
  private int zeros;
  private int referenced;
  private int unchanged;

  /**
   * Begins a batch.
   *
   * @param buffer direct; its pages are judged by {@link #add}, those that are needed move together
   *     at its beginning
   */
  void begin(ByteBuffer buffer) {
    pages = buffer;
    kept = 0;
    zeros = 0;
    referenced = 0;
    unchanged = 0;
    table.clear();
  }

  /** Adds the page at {@code at} of the buffer, which comes after all earlier ones there. */
  void add(long memory, long address, int at) {
    if (hash.isZero(pages, at)) {
      if (sent.hashAt(memory, address) == PageHash.ZERO) {
        unchanged++;
        return;
      }
      sent.put(memory, address, PageHash.ZERO);
      table.zeros(address);
      zeros++;
      return;
    }
    long found = hash.of(pages, at);
    if (sent.hashAt(memory, address) == found) {
      unchanged++;
      return;
    }
    int check = hash.check(pages, at);
    if (sent.has(found, check)) {
      table.same(address, sent.memoryOf(found), sent.addressOf(found));
      sent.put(memory, address, found);
      referenced++;
      return;
    }
    sent.put(memory, address, found);
    sent.offer(memory, address, found, check);
    table.content(address);
    keep(at);
  }

  /** Says that what the target has of a page, if anything, is out of date. */
  void forget(long memory, long address) {
    if (sent.hashAt(memory, address) != PageHash.NONE) {
      sent.put(memory, address, PageHash.NONE);
      table.absent(address);
    }
  }

  private void keep(int at) {
    if (kept != at) {
      pages.put(kept, pages, at, PageRun.PAGE_SIZE);
    }
    kept += PageRun.PAGE_SIZE;
  }

  /** Tells what became of the pages of this batch. */
  void count(PageCounts counts) {
    counts.pages(kept / PageRun.PAGE_SIZE, zeros, referenced, unchanged);
  }

  /** Whether there is anything to say. */
  boolean isEmpty() {
    return table.isEmpty();
  }

  /** How many bytes of content the batch has. */
  int rawBytes() {
    return kept;
  }

  /** The content as it is. */
  ByteBuffer raw() {
    return pages.duplicate().position(0).limit(kept);
  }

  /** The finished batch; holds until the next one is begun. */
  Bulk.PageBatch finish(long memory, Codec codec) {
    if (codec != Codec.NONE && kept > 0) {
      ByteBuffer content = codec.pack(raw(), packed);
      if (content.remaining() < kept) {
        return new Bulk.PageBatch(memory, codec.number(), kept, table.written(), content);
      }
    }
    return new Bulk.PageBatch(memory, Codec.NONE.number(), kept, table.written(), raw());
  }
}
