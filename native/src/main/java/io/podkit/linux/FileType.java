package io.podkit.linux;

/** What an inode is: the S_IFMT bits of its mode. */
public enum FileType {
  /** A file with contents. */
  REGULAR(0100000),
  /** A directory. */
  DIRECTORY(0040000),
  /** A symbolic link. */
  SYMLINK(0120000),
  /** A character device. */
  CHARACTER_DEVICE(0020000),
  /** A block device. */
  BLOCK_DEVICE(0060000),
  /** A named pipe. */
  FIFO(0010000),
  /** A Unix socket's name. */
  SOCKET(0140000);

  static final int MASK = 0170000;

  private final int bits;

  FileType(int bits) {
    this.bits = bits;
  }

  /** The S_IFMT bits. */
  public int bits() {
    return bits;
  }

  /**
   * The type that a mode carries.
   *
   * @throws IllegalArgumentException if the mode carries none
   */
  public static FileType ofMode(int mode) {
    for (FileType type : values()) {
      if (type.bits == (mode & MASK)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no file type in mode " + Integer.toOctalString(mode));
  }
}
