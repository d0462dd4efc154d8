package io.podkit.linux;

/** Flags of renameat2(2). */
public enum RenameFlag implements Bits.Flag {
  /** RENAME_NOREPLACE: an existing target is EEXIST; since Linux 3.15. */
  NO_REPLACE(1),
  /** RENAME_EXCHANGE: both names swap what they stand for; since Linux 3.15. */
  EXCHANGE(2);

  private final long bit;

  RenameFlag(long bit) {
    this.bit = bit;
  }

  @Override
  public long bit() {
    return bit;
  }
}
