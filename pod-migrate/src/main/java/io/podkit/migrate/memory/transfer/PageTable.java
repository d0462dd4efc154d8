package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.migrate.protocol.Bulk;
import java.nio.ByteBuffer;

/**
 * The table of a batch, as written: which pages, in order, and where each run of them gets its
 * content from.
 *
 * <pre>
 *   u64 address   u32 pages   u32 kind     0 the next pages of the content   1 zeros
 *                                          2 those of another run, named by u64 memory, u64 address
 *                                          3 not here any more: what came before is out of date
 * </pre>
 *
 * <p>A batch of the largest size fits, whatever its pages are.
 */
final class PageTable {
  static final int CONTENT = 0;
  static final int ZEROS = 1;
  static final int SAME = 2;
  static final int ABSENT = 3;

  private final ByteBuffer entries = ByteBuffer.allocate(Bulk.PageBatch.MAX_TABLE_BYTES);
  private int last = -1;
  private long nextAddress;
  private long nextMemory;
  private long nextReference;

  void clear() {
    entries.clear();
    last = -1;
  }

  boolean isEmpty() {
    return entries.position() == 0;
  }

  void content(long address) {
    plain(address, CONTENT);
  }

  void zeros(long address) {
    plain(address, ZEROS);
  }

  void absent(long address) {
    plain(address, ABSENT);
  }

  private void plain(long address, int kind) {
    if (!prolongs(address, kind)) {
      begin(address, kind);
    }
    nextAddress = address + PageRun.PAGE_SIZE;
  }

  void same(long address, long memory, long reference) {
    boolean follows = memory == nextMemory && reference == nextReference;
    if (!follows || !prolongs(address, SAME)) {
      begin(address, SAME);
      entries.putLong(memory).putLong(reference);
    }
    nextAddress = address + PageRun.PAGE_SIZE;
    nextMemory = memory;
    nextReference = reference + PageRun.PAGE_SIZE;
  }

  private boolean prolongs(long address, int kind) {
    boolean more =
        last >= 0
            && address == nextAddress
            && entries.getInt(last + Long.BYTES + Integer.BYTES) == kind;
    if (more) {
      int pages = last + Long.BYTES;
      entries.putInt(pages, entries.getInt(pages) + 1);
    }
    return more;
  }

  private void begin(long address, int kind) {
    last = entries.position();
    entries.putLong(address).putInt(1).putInt(kind);
  }

  /** What was written so far. */
  ByteBuffer written() {
    return entries.duplicate().flip();
  }
}
