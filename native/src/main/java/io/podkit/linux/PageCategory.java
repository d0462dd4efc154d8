package io.podkit.linux;

/**
 * What the kernel says of a page.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/mm/pagemap.html">PAGEMAP_SCAN</a>
 */
public enum PageCategory implements Bits.Flag {
  /** Its mapping is tracked by userfaultfd, write-protect-async. */
  TRACKED(1),
  /** Written to since it was protected. */
  WRITTEN(1 << 1),
  /** Belongs to a file, or to shared memory. */
  FILE(1 << 2),
  PRESENT(1 << 3),
  SWAPPED(1 << 4),
  /** The kernel's page of zeros. */
  ZERO(1 << 5),
  HUGE(1 << 6),
  /** In a guard region, which holds nothing and must not be touched; since Linux 6.15. */
  GUARD(1 << 8);

  private final long bit;

  PageCategory(long bit) {
    this.bit = bit;
  }

  @Override
  public long bit() {
    return bit;
  }
}
