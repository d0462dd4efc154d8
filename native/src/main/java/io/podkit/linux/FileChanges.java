package io.podkit.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/** Reads what a fanotify group of {@link WatchCalls#fanotifyInit} tells. */
public final class FileChanges {

  static final int SIZE_OF_METADATA = 24;
  static final int SIZE_OF_INFO_HEADER = 4;
  static final int SIZE_OF_FSID = 8;
  static final int SIZE_OF_HANDLE_HEADER = 8;
  static final int INFO_INODE = 1; // FAN_EVENT_INFO_TYPE_FID, since Linux 5.1
  static final int INFO_DIRECTORY_AND_NAME = 2; // FAN_EVENT_INFO_TYPE_DFID_NAME, since Linux 5.9

  private static final byte[] NOTHING = {};

  /** Takes one change. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Takes one change.
     *
     * @param what everything that happened to that name since it was told of last
     * @param directory empty if the kernel named none
     * @param name by which it was reached, in that directory, which it may have lost since; {@code
     *     .} for the directory itself
     * @param inode what had that name; empty if the kernel did not say
     */
    void changed(Set<FileChange> what, FileHandle directory, byte[] name, FileHandle inode);
  }

  private FileChanges() {}

  /**
   * Hands on all changes between the buffer's position and its limit, which become equal.
   *
   * @param events as read(2) filled it
   */
  public static void decode(ByteBuffer events, Listener listener) {
    ByteBuffer b = events.order(ByteOrder.nativeOrder());
    while (b.remaining() >= SIZE_OF_METADATA) {
      int start = b.position();
      int length = b.getInt(start);
      if (length < SIZE_OF_METADATA || length > b.remaining()) {
        throw new IllegalArgumentException("an event of " + length + " bytes");
      }
      int header = Short.toUnsignedInt(b.getShort(start + 6));
      one(b, start + header, start + length, b.getLong(start + 8), listener);
      b.position(start + length);
    }
  }

  private static void one(ByteBuffer b, int from, int to, long mask, Listener listener) {
    FileHandle directory = FileHandle.NONE;
    byte[] name = NOTHING;
    FileHandle inode = FileHandle.NONE;
    int at = from;
    while (at + SIZE_OF_INFO_HEADER <= to) {
      int length = Short.toUnsignedInt(b.getShort(at + 2));
      if (length < SIZE_OF_INFO_HEADER || at + length > to) {
        throw new IllegalArgumentException("information of " + length + " bytes");
      }
      byte type = b.get(at);
      if (type == INFO_DIRECTORY_AND_NAME) {
        directory = handle(b, at);
        name = text(b, handleAt(at) + directory.size(), at + length);
      } else if (type == INFO_INODE) {
        inode = handle(b, at);
      }
      at += length;
    }
    listener.changed(Bits.set(FileChange.class, mask), directory, name, inode);
  }

  private static int handleAt(int info) {
    return info + SIZE_OF_INFO_HEADER + SIZE_OF_FSID;
  }

  private static FileHandle handle(ByteBuffer b, int info) {
    int handle = handleAt(info);
    return new FileHandle(bytes(b, handle, SIZE_OF_HANDLE_HEADER + b.getInt(handle)));
  }

  private static byte[] bytes(ByteBuffer b, int from, int length) {
    byte[] bytes = new byte[length];
    b.get(from, bytes);
    return bytes;
  }

  /** A name with a NUL behind it, and perhaps more of them. */
  private static byte[] text(ByteBuffer b, int from, int to) {
    int end = from;
    while (end < to && b.get(end) != 0) {
      end++;
    }
    return bytes(b, from, end - from);
  }
}
