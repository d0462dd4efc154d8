package io.podkit.criu.image;

/**
 * Consecutive pages of 4 KiB.
 *
 * @param address of the first byte: virtual for a task, an offset for shared memory
 * @param pages how many, at least one
 */
public record PageRun(long address, long pages) {

  /** Bytes a page. CRIU counts in these whatever the hardware's large pages are. */
  public static final int PAGE_SIZE = 4096;

  /**
   * User space ends here at the latest: five levels of page tables, the upper half the kernel's.
   */
  static final long END_OF_SPACE = 1L << 56;

  /** How many bytes. */
  public long bytes() {
    return pages * PAGE_SIZE;
  }

  /** The address of the first byte after it. */
  public long end() {
    return address + bytes();
  }

  /**
   * A run from numbers that somebody else wrote.
   *
   * @throws ImageFormatException if it is not aligned, empty, or outside of user space
   */
  public static PageRun checked(long address, long pages) throws ImageFormatException {
    boolean aligned = address % PAGE_SIZE == 0;
    boolean inside =
        address >= 0
            && address < END_OF_SPACE
            && pages > 0
            && pages <= (END_OF_SPACE - address) / PAGE_SIZE;
    if (!aligned || !inside) {
      throw new ImageFormatException(
          "pages: address "
              + Long.toHexString(address)
              + ", count "
              + Long.toUnsignedString(pages));
    }
    return new PageRun(address, pages);
  }

  @Override
  public String toString() {
    return Long.toHexString(address) + "+" + pages;
  }
}
