package io.podkit.fs.format;

import io.podkit.linux.FileSystemStat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a layer's file can be: filesystems that the kernel reads from it. The file says which, so
 * that formats can be mixed. All layers are made as squashfs; docs/adr/0015 has the reason.
 */
public enum LayerFormat {
  SQUASHFS("squashfs", FileSystemStat.SQUASHFS_MAGIC, 0, 48) {
    @Override
    long length(ByteBuffer superblock) {
      return superblock.getLong(40);
    }
  },
  EROFS("erofs", FileSystemStat.EROFS_MAGIC, 1024, 40) {
    @Override
    long length(ByteBuffer superblock) {
      int blockBits = Byte.toUnsignedInt(superblock.get(12));
      return blockBits > 16 ? -1 : Integer.toUnsignedLong(superblock.getInt(36)) << blockBits;
    }
  };

  private final String mountType;
  private final long magic;
  private final long superblockAt;
  private final int superblockBytes;

  LayerFormat(String mountType, long magic, long superblockAt, int superblockBytes) {
    this.mountType = mountType;
    this.magic = magic;
    this.superblockAt = superblockAt;
    this.superblockBytes = superblockBytes;
  }

  /** The filesystem's length as its superblock has it, in bytes. */
  abstract long length(ByteBuffer superblock);

  /** The type for mount(2). */
  public String mountType() {
    return mountType;
  }

  /** What statfs(2) says where it is mounted. */
  public long magic() {
    return magic;
  }

  /**
   * What that file is; empty if it is none of these, or shorter than its own superblock says.
   *
   * @throws IOException if it cannot be read
   */
  public static Optional<LayerFormat> of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      for (LayerFormat format : values()) {
        if (format.isWhole(channel)) {
          return Optional.of(format);
        }
      }
      return Optional.empty();
    }
  }

  private boolean isWhole(FileChannel channel) throws IOException {
    ByteBuffer superblock = ByteBuffer.allocate(superblockBytes).order(ByteOrder.LITTLE_ENDIAN);
    while (superblock.hasRemaining()) {
      if (channel.read(superblock, superblockAt + superblock.position()) < 0) {
        return false;
      }
    }
    long length = length(superblock);
    return Integer.toUnsignedLong(superblock.getInt(0)) == magic
        && length >= superblockAt + superblockBytes
        && length <= channel.size();
  }
}
