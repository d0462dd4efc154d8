package io.podkit.linux;

/** Flags of mount(2). */
public enum MountFlag implements Bits.Flag {
  /** MS_RDONLY. */
  READ_ONLY(1L),
  /** MS_NOSUID: set-uid bits and file capabilities are ignored. */
  NO_SUID(1L << 1),
  /** MS_NODEV: device nodes cannot be opened. */
  NO_DEV(1L << 2),
  /** MS_NOEXEC. */
  NO_EXEC(1L << 3),
  /** MS_REMOUNT; with BIND it changes one mount and not its filesystem, since Linux 2.6.26. */
  REMOUNT(1L << 5),
  /** MS_NOSYMFOLLOW; since Linux 5.10. */
  NO_SYMFOLLOW(1L << 8),
  /** MS_NOATIME. */
  NO_ATIME(1L << 10),
  /** MS_BIND. */
  BIND(1L << 12),
  /** MS_MOVE. */
  MOVE(1L << 13),
  /** MS_REC, together with BIND or a propagation type. */
  RECURSIVE(1L << 14),
  /** MS_SILENT. */
  SILENT(1L << 15),
  /** MS_UNBINDABLE. */
  UNBINDABLE(1L << 17),
  /** MS_PRIVATE; since Linux 2.6.15. */
  PRIVATE(1L << 18),
  /** MS_SLAVE; since Linux 2.6.15. */
  SLAVE(1L << 19),
  /** MS_SHARED; since Linux 2.6.15. */
  SHARED(1L << 20),
  /** MS_RELATIME. */
  RELATIME(1L << 21);

  private final long bit;

  MountFlag(long bit) {
    this.bit = bit;
  }

  @Override
  public long bit() {
    return bit;
  }
}
