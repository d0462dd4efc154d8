package io.podkit.fs.tree;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What the blocks of a file held when they were sent, as a 64-bit checksum for each: two CRCs of
 * different polynomials, both of which the JVM computes with the processor's own instructions. It
 * tells an accident, not an attack: a pod could only deceive itself. Takes a byte for each 512 of
 * the file, less for very large files. Immutable.
 */
final class Blocks {

  /** A block of which nothing is known: whatever it holds now is another. */
  static final long UNKNOWN = -1;

  /** A block without data. */
  static final long HOLE = 0;

  private static final int SMALLEST = 4096;
  private static final int LARGEST = StreamFormat.MAX_SEGMENT;

  /** Beyond it blocks are larger, up to {@link #LARGEST}. */
  private static final long MANY = 2L << 20;

  private final long[] sums;
  private final int blockSize;

  private Blocks(long[] sums, int blockSize) {
    this.sums = sums;
    this.blockSize = blockSize;
  }

  /** How large the blocks of a file of that size are: a power of two. */
  static int sizeFor(long fileSize) {
    int size = SMALLEST;
    while (size < LARGEST && fileSize / size > MANY) {
      size *= 2;
    }
    return size;
  }

  int blockSize() {
    return blockSize;
  }

  /** Whether that block is known to hold just this. */
  boolean holds(int number, long sum) {
    return number < sums.length && sums[number] == sum && sum != UNKNOWN;
  }

  /** Whether the other side certainly has no data there. */
  boolean isHole(int number) {
    return number >= sums.length || sums[number] == HOLE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Blocks o && Arrays.equals(sums, o.sums) && blockSize == o.blockSize;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sums);
  }

  @Override
  public String toString() {
    return sums.length + " blocks of " + blockSize + " bytes";
  }

  /** Computes them from the beginning of a file to its end. Not thread-safe. */
  static final class Builder {

    private final long[] sums;
    private final int blockSize;
    private final CRC32 first = new CRC32();
    private final CRC32C second = new CRC32C();

    /** For a file of that size; all blocks are unknown. */
    Builder(long fileSize) {
      blockSize = sizeFor(fileSize);
      sums = new long[Math.toIntExact((fileSize + blockSize - 1) / blockSize)];
      Arrays.fill(sums, UNKNOWN);
    }

    int blockSize() {
      return blockSize;
    }

    /** Begins a block. */
    void begin() {
      first.reset();
      second.reset();
    }

    /** Adds data of it, all that remains in the buffer; where it lies is told by {@link #end}. */
    void add(ByteBuffer data) {
      int position = data.position();
      first.update(data);
      data.position(position);
      second.update(data);
    }

    /**
     * Ends a block.
     *
     * @param place what tells blocks with the same data in other places apart; 0 if it is full
     */
    long end(int number, long place) {
      long sum = (first.getValue() << 32 | second.getValue()) + place;
      sums[number] = sum == HOLE || sum == UNKNOWN ? 1 : sum;
      return sums[number];
    }

    /** Says that a block has no data. */
    void hole(int number) {
      sums[number] = HOLE;
    }

    Blocks build() {
      return new Blocks(sums, blockSize);
    }
  }
}
