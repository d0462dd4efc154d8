package io.podkit.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/**
 * What the kernel knows of an inode, as statx(2) reports it.
 *
 * @param device the device it lies on
 * @param inode its number there
 * @param type what it is
 * @param permissions the mode's lower twelve bits: rwx and set-uid, set-gid, sticky
 * @param links hard links to it
 * @param uid owner
 * @param gid group
 * @param node the device it stands for, {@link Device#NONE} if it is none
 * @param size in bytes
 * @param blocks allocated, in units of 512 bytes
 * @param modified contents, to the nanosecond
 * @param changed inode, to the nanosecond
 * @param accessed last read, to the nanosecond
 */
public record FileStat(
    Device device,
    long inode,
    FileType type,
    int permissions,
    long links,
    long uid,
    long gid,
    Device node,
    long size,
    long blocks,
    Instant modified,
    Instant changed,
    Instant accessed) {

  static final int STRUCT_SIZE = 256;

  /** STATX_BASIC_STATS; since Linux 4.11. */
  static final int STATX_BASIC_STATS = 0x7ff;

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /** Whether it is a regular file. */
  public boolean isRegular() {
    return type == FileType.REGULAR;
  }

  /** Type and permissions in one number: st_mode. */
  public int mode() {
    return type.bits() | permissions;
  }

  /** Reads {@code struct statx}, which has the same layout on every architecture. */
  static FileStat decode(byte[] struct) {
    ByteBuffer s = ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
    int mode = Short.toUnsignedInt(s.getShort(0x1c));
    return new FileStat(
        device(s, 0x88),
        s.getLong(0x20),
        FileType.ofMode(mode),
        mode & ~FileType.MASK,
        Integer.toUnsignedLong(s.getInt(0x10)),
        Integer.toUnsignedLong(s.getInt(0x14)),
        Integer.toUnsignedLong(s.getInt(0x18)),
        device(s, 0x80),
        s.getLong(0x28),
        s.getLong(0x30),
        time(s, 0x70),
        time(s, 0x60),
        time(s, 0x40));
  }

  private static Device device(ByteBuffer s, int at) {
    return new Device(s.getInt(at), s.getInt(at + 4));
  }

  private static Instant time(ByteBuffer s, int at) {
    return Instant.ofEpochSecond(s.getLong(at), Integer.toUnsignedLong(s.getInt(at + 8)));
  }
}
