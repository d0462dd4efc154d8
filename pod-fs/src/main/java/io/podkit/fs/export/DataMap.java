package io.podkit.fs.export;

import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a file has something other than zeros. Found by reading, not by asking for holes: not every
 * filesystem knows where its holes are, and what is written must not depend on it.
 *
 * @param extents in order, apart from each other
 * @param size of the whole file
 */
record DataMap(List<Extent> extents, long size) {

  /** A stretch of data. */
  record Extent(long offset, long length) {}

  /** Zeros are looked for in blocks of this size, in files that have room for some. */
  private static final int BLOCK = 64 << 10;

  private static final long WORTH = 1 << 20;

  /** More than a reader would take. */
  private static final int MOST_EXTENTS = 100_000;

  /** Everything is data. */
  static DataMap whole(long size) {
    return new DataMap(size == 0 ? List.of() : List.of(new Extent(0, size)), size);
  }

  /** The data of a file, if so much of it is zeros that leaving them out pays; else all of it. */
  static DataMap of(Syscalls sys, Fd file, long size) throws ErrnoException {
    if (size < WORTH) {
      return whole(size);
    }
    List<Extent> extents = new ArrayList<>();
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    long from = -1;
    for (long at = 0; at < size; at += BLOCK) {
      boolean data = hasData(sys, file, at, block);
      if (data && from < 0) {
        from = at;
      } else if (!data && from >= 0) {
        extents.add(new Extent(from, at - from));
        from = -1;
      }
    }
    if (from >= 0) {
      extents.add(new Extent(from, size - from));
    }
    DataMap map = new DataMap(List.copyOf(extents), size);
    return size - map.stored() < WORTH || extents.size() > MOST_EXTENTS ? whole(size) : map;
  }

  private static boolean hasData(Syscalls sys, Fd file, long at, ByteBuffer block)
      throws ErrnoException {
    block.clear();
    long offset = at;
    while (block.hasRemaining()) {
      int got = sys.pread(file, block, offset);
      if (got <= 0) {
        break;
      }
      offset += got;
    }
    block.flip();
    while (block.remaining() >= Long.BYTES) {
      if (block.getLong() != 0) {
        return true;
      }
    }
    while (block.hasRemaining()) {
      if (block.get() != 0) {
        return true;
      }
    }
    return false;
  }

  /** Bytes of data. */
  long stored() {
    return extents.stream().mapToLong(Extent::length).sum();
  }

  /** Whether nothing is left out. */
  boolean isWhole() {
    return stored() == size;
  }
}
