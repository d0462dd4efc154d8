package io.podkit.linux;

import java.nio.ByteBuffer;

/**
 * What one PAGEMAP_SCAN found: runs of pages, ascending. Made once and used for many scans. Not
 * thread-safe.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/mm/pagemap.html">PAGEMAP_SCAN</a>, since Linux
 *     6.7
 */
public final class PageScan {
  static final int SIZE_OF_ARGUMENT = 96;
  static final int WALK_END = 32;
  static final int SIZE_OF_REGION = 24;

  static final long PROTECT_MATCHING = 1;
  static final long CHECK_TRACKED = 1 << 1;

  private final NativeBuffer argument = NativeBuffer.allocate(SIZE_OF_ARGUMENT);
  private final NativeBuffer regions;
  private final int capacity;
  private int count;
  private long walkEnd;

  /** Room for that many runs a call. */
  public PageScan(int capacity) {
    this.capacity = capacity;
    this.regions = NativeBuffer.allocate(capacity * SIZE_OF_REGION);
  }

  NativeBuffer prepare(long start, long end, long flags, PageQuery query) {
    long all = Bits.of(query.all());
    long none = Bits.of(query.none());
    ByteBuffer fields = argument.bytes().clear();
    fields.putLong(SIZE_OF_ARGUMENT).putLong(flags).putLong(start).putLong(end).putLong(0);
    fields.putLong(regions.address()).putLong(capacity).putLong(0);
    fields.putLong(none).putLong(all | none).putLong(Bits.of(query.any())).putLong(0);
    return argument;
  }

  void found(long runs) {
    count = (int) runs;
    walkEnd = argument.bytes().getLong(WALK_END);
  }

  /** How many runs were found. */
  public int count() {
    return count;
  }

  /** Address of the first byte of a run. */
  public long start(int run) {
    return regions.bytes().getLong(run * SIZE_OF_REGION);
  }

  /** Address of the first byte after it. */
  public long end(int run) {
    return regions.bytes().getLong(run * SIZE_OF_REGION + Long.BYTES);
  }

  /** How far the scan came: short of the end if there was no more room for runs. */
  public long walkEnd() {
    return walkEnd;
  }
}
