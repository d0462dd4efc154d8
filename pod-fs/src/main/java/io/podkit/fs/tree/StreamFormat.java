package io.podkit.fs.tree;

import io.podkit.fs.api.TreeKind;
import io.podkit.linux.FileType;
import org.jspecify.annotations.Nullable;

/** The numbers of the tree stream; {@code docs/tree-stream.md} explains them. */
final class StreamFormat {

  /** "PODTREE" and a byte that no text has. */
  static final long MAGIC = 0x504f44545245451aL;

  /** 1 knew no patches. */
  static final int VERSION = 2;

  static final int OLDEST_VERSION = 1;

  /** Most bytes of one data segment. */
  static final int MAX_SEGMENT = 1 << 20;

  /** PATH_MAX without its NUL: the longest link target. */
  static final int MAX_LINK_TARGET = 4095;

  /** In the length of a segment of a patch: it has no bytes, and the file has none there. */
  static final int HOLE = 1 << 31;

  /** Longest hole in one segment; a longer one takes several. */
  static final long MAX_HOLE = 1 << 30;

  static final int DIRECTORY = 'D';
  static final int FILE = 'F';
  static final int PATCH = 'P';
  static final int SYMLINK = 'L';
  static final int SPECIAL = 'S';
  static final int HARD_LINK = 'H';
  static final int ATTRIBUTES = 'A';
  static final int DELETE = 'X';
  static final int END = 'E';

  private StreamFormat() {}

  static int codeOf(TreeKind kind) {
    return switch (kind) {
      case UPPER -> 1;
      case DEV -> 2;
      case PLAIN -> 3;
    };
  }

  static int codeOf(FileType type) {
    return switch (type) {
      case REGULAR -> 1;
      case DIRECTORY -> 2;
      case SYMLINK -> 3;
      case CHARACTER_DEVICE -> 4;
      case BLOCK_DEVICE -> 5;
      case FIFO -> 6;
      case SOCKET -> 7;
    };
  }

  /** The type with that code, or null. */
  static @Nullable FileType typeOf(int code) {
    for (FileType type : FileType.values()) {
      if (codeOf(type) == code) {
        return type;
      }
    }
    return null;
  }
}
