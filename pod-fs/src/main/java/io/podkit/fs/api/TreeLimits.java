package io.podkit.fs.api;

/**
 * What a stream from another host may ask for, over all passes of one {@link TreeTarget}.
 *
 * @param entries records
 * @param bytes bytes of file content; holes count nothing
 * @param depth directories within each other
 * @param pathBytes length of one path
 */
public record TreeLimits(long entries, long bytes, int depth, int pathBytes) {

  /** 50 million records, 8 TiB, 256 levels, 16 KiB. */
  public static final TreeLimits STANDARD = new TreeLimits(50_000_000L, 8L << 40, 256, 16 << 10);

  /** Refuses limits that allow nothing. */
  public TreeLimits {
    if (entries <= 0 || bytes <= 0 || depth <= 0 || pathBytes <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /** The same with another limit on content. */
  public TreeLimits withBytes(long newBytes) {
    return new TreeLimits(entries, newBytes, depth, pathBytes);
  }
}
