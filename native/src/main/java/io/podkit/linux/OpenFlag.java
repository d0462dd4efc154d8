package io.podkit.linux;

/** Flags of open(2) and openat2(2). O_CLOEXEC is always added. */
public enum OpenFlag implements Bits.Flag {
  /** O_RDONLY: what an open without any other access flag is. */
  READ(0),
  /** O_WRONLY. */
  WRITE(1),
  /** O_RDWR. */
  READ_WRITE(2),
  /** O_CREAT. */
  CREATE(0100),
  /** O_EXCL: with CREATE an existing name is EEXIST. */
  EXCLUSIVE(0200),
  /** O_NOCTTY. */
  NO_CONTROLLING_TTY(0400),
  /** O_TRUNC. */
  TRUNCATE(01000),
  /** O_APPEND. */
  APPEND(02000),
  /** O_NONBLOCK. */
  NON_BLOCKING(04000),
  /** O_DIRECTORY: anything else is ENOTDIR. */
  DIRECTORY(0200000, 040000),
  /** O_NOFOLLOW: a symbolic link as the last component is ELOOP. */
  NO_FOLLOW(0400000, 0100000),
  /** O_NOATIME: owners and CAP_FOWNER only; since Linux 2.6.8. */
  NO_ATIME(01000000),
  /** O_PATH: a handle on the place, not on the contents; since Linux 2.6.39. */
  PATH(010000000);

  /** O_CLOEXEC; since Linux 2.6.23. */
  static final long CLOSE_ON_EXEC = 02000000;

  private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));

  private final long generic;
  private final long arm;

  OpenFlag(long everywhere) {
    this(everywhere, everywhere);
  }

  /** ARM numbers a few of these in its own way (arch/arm64/include/uapi/asm/fcntl.h). */
  OpenFlag(long generic, long arm) {
    this.generic = generic;
    this.arm = arm;
  }

  @Override
  public long bit() {
    return ARM ? arm : generic;
  }
}
