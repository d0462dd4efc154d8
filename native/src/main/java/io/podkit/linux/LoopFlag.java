package io.podkit.linux;

/** How a loop device shows its file: the LO_FLAGS of linux/loop.h. */
public enum LoopFlag implements Bits.Flag {
  /** LO_FLAGS_READ_ONLY. */
  READ_ONLY(1),
  /** LO_FLAGS_AUTOCLEAR: the device frees itself with its last user; since Linux 2.6.25. */
  AUTOCLEAR(4),
  /** LO_FLAGS_PARTSCAN; since Linux 3.2. */
  PARTITION_SCAN(8),
  /**
   * LO_FLAGS_DIRECT_IO: the file's pages are not cached a second time; since Linux 4.10. Left out
   * by the kernel where the file's filesystem cannot.
   */
  DIRECT_IO(16);

  private final long bit;

  LoopFlag(long bit) {
    this.bit = bit;
  }

  @Override
  public long bit() {
    return bit;
  }
}
