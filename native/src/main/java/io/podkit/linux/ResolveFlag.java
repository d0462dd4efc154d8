package io.podkit.linux;

/** How openat2(2) may walk a path. Since Linux 5.6. */
public enum ResolveFlag implements Bits.Flag {
  /** RESOLVE_NO_XDEV: not across mount points. */
  NO_XDEV(0x01),
  /** RESOLVE_NO_MAGICLINKS: not through links like /proc/PID/exe. */
  NO_MAGICLINKS(0x02),
  /** RESOLVE_NO_SYMLINKS: not through any symbolic link. */
  NO_SYMLINKS(0x04),
  /** RESOLVE_BENEATH: an attempt to leave the start directory is EXDEV. */
  BENEATH(0x08),
  /** RESOLVE_IN_ROOT: the start directory is treated as the root. */
  IN_ROOT(0x10);

  private final long bit;

  ResolveFlag(long bit) {
    this.bit = bit;
  }

  @Override
  public long bit() {
    return bit;
  }
}
