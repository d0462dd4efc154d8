package io.podkit.fs.api;

/**
 * What an image may ask for when it is imported.
 *
 * @param entries files, directories and others, of all its layers together
 * @param bytes sum of the files' sizes, holes included: they cost no disk, but time to pack
 * @param depth directories within each other
 */
public record ImageLimits(long entries, long bytes, int depth) {

  /** Ten million entries, 1 TiB, 256 levels. */
  public static final ImageLimits STANDARD = new ImageLimits(10_000_000, 1L << 40, 256);

  /** For what is this host's own: only the depth is bounded. */
  public static final ImageLimits UNLIMITED = new ImageLimits(Long.MAX_VALUE, Long.MAX_VALUE, 256);

  /** Refuses limits that allow nothing. */
  public ImageLimits {
    if (entries <= 0 || bytes <= 0 || depth <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
