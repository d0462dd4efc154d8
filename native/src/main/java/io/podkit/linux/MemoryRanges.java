package io.podkit.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Ranges of addresses for one call, in the kernel's form: a {@code struct iovec} each. Made once
 * and filled again and again. Not thread-safe.
 */
public final class MemoryRanges {
  private static final int SIZE_OF_IOVEC = 16;

  private final byte[] vector;
  private final ByteBuffer fields;
  private int count;
  private long bytes;

  /** Room for that many ranges. */
  public MemoryRanges(int capacity) {
    vector = new byte[capacity * SIZE_OF_IOVEC];
    fields = ByteBuffer.wrap(vector).order(ByteOrder.nativeOrder());
  }

  /** Forgets all ranges. */
  public void clear() {
    count = 0;
    bytes = 0;
  }

  /** Adds a range; {@link #isFull} must not be true. */
  public void add(long address, long length) {
    fields.putLong(count * SIZE_OF_IOVEC, address);
    fields.putLong(count * SIZE_OF_IOVEC + Long.BYTES, length);
    count++;
    bytes += length;
  }

  public boolean isFull() {
    return (count + 1) * SIZE_OF_IOVEC > vector.length;
  }

  public int count() {
    return count;
  }

  /** Bytes of all ranges. */
  public long bytes() {
    return bytes;
  }

  public long address(int range) {
    return fields.getLong(range * SIZE_OF_IOVEC);
  }

  public long length(int range) {
    return fields.getLong(range * SIZE_OF_IOVEC + Long.BYTES);
  }

  byte[] vector() {
    return vector;
  }
}
