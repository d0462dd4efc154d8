package io.podkit.fs.image;

/**
 * What a tar file may ask for.
 *
 * @param entries files, directories and others
 * @param bytes sum of the files' sizes, holes included: they cost no disk, but time to pack
 * @param depth directories within each other
 */
record UnpackLimits(long entries, long bytes, int depth) {

  /** Ten million entries, 1 TiB, 256 levels. */
  static final UnpackLimits STANDARD = new UnpackLimits(10_000_000, 1L << 40, 256);
}
