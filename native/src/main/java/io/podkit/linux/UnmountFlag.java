package io.podkit.linux;

/** Flags of umount2(2). */
public enum UnmountFlag implements Bits.Flag {
  /** MNT_FORCE: only network filesystems know what to do with it. */
  FORCE(1),
  /** MNT_DETACH: the mount leaves the tree at once and is released with its last user. */
  DETACH(2),
  /** MNT_EXPIRE. */
  EXPIRE(4),
  /** UMOUNT_NOFOLLOW: a symbolic link is not followed; since Linux 2.6.34. */
  NO_FOLLOW(8);

  private final long bit;

  UnmountFlag(long bit) {
    this.bit = bit;
  }

  @Override
  public long bit() {
    return bit;
  }
}
