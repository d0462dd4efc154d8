package io.podkit.fs.image;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a file's stored data lies in it: the parts between are holes.
 *
 * @param extents in ascending order, not overlapping, within the file's size
 */
record SparseMap(List<Extent> extents) {

  /** A stretch of data. */
  record Extent(long offset, long length) {}

  /** More parts than any file that a sane program wrote. */
  static final int MAX_EXTENTS = 1_000_000;

  /** A file without holes. */
  static SparseMap whole(long size) {
    return new SparseMap(List.of(new Extent(0, size)));
  }

  /**
   * A map of pairs of offset and length.
   *
   * @param size of the file
   */
  static SparseMap of(List<Long> pairs, long size) throws TarException {
    if (pairs.size() % 2 != 0 || pairs.size() / 2 > MAX_EXTENTS) {
      throw new TarException("a sparse file's map is broken");
    }
    List<Extent> extents = new ArrayList<>();
    long end = 0;
    for (int i = 0; i < pairs.size(); i += 2) {
      long offset = pairs.get(i);
      long length = pairs.get(i + 1);
      if (offset < end || length < 0 || offset > size || length > size - offset) {
        throw new TarException("a sparse file's map is broken");
      }
      end = offset + length;
      if (length > 0) {
        extents.add(new Extent(offset, length));
      }
    }
    return new SparseMap(extents);
  }

  /** Bytes of data. */
  long stored() {
    return extents.stream().mapToLong(Extent::length).sum();
  }
}
