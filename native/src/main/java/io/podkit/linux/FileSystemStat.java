package io.podkit.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A filesystem's type and size, as statfs(2) reports them.
 *
 * @param magic its type, one of the constants here or of linux/magic.h
 * @param blockSize in bytes; the unit of the next three
 * @param blocks all of them
 * @param free free for root
 * @param available free for everybody
 * @param inodes all of them, 0 if the filesystem does not count
 * @param freeInodes free ones
 */
public record FileSystemStat(
    long magic,
    long blockSize,
    long blocks,
    long free,
    long available,
    long inodes,
    long freeInodes) {

  /** ext2, ext3 and ext4. */
  public static final long EXT4_MAGIC = 0xef53L;

  /** tmpfs. */
  public static final long TMPFS_MAGIC = 0x01021994L;

  /** overlayfs; since Linux 3.18. */
  public static final long OVERLAYFS_MAGIC = 0x794c7630L;

  /** squashfs. */
  public static final long SQUASHFS_MAGIC = 0x73717368L;

  /** erofs; since Linux 5.4. */
  public static final long EROFS_MAGIC = 0xe0f5e1e2L;

  /** XFS. */
  public static final long XFS_MAGIC = 0x58465342L;

  /** btrfs. */
  public static final long BTRFS_MAGIC = 0x9123683eL;

  /** NFS. */
  public static final long NFS_MAGIC = 0x6969L;

  /** The unified control group hierarchy; since Linux 4.5. */
  public static final long CGROUP2_MAGIC = 0x63677270L;

  static final int STRUCT_SIZE = 120;

  /** Bytes free for everybody. */
  public long availableBytes() {
    return available * blockSize;
  }

  /** Reads {@code struct statfs} of the 64-bit architectures. */
  static FileSystemStat decode(byte[] struct) {
    ByteBuffer s = ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
    return new FileSystemStat(
        s.getLong(0),
        s.getLong(8),
        s.getLong(16),
        s.getLong(24),
        s.getLong(32),
        s.getLong(40),
        s.getLong(48));
  }
}
