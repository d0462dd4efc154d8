package io.podkit.criu.image;

import com.google.protobuf.ByteString;
import io.podkit.criu.proto.IrmapCacheEntry;
import io.podkit.linux.Device;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes CRIU's inode reverse map, {@code irmap-cache}: lying in its working directory before a
 * dump, it spares CRIU the search through the whole tree, while the pod is frozen, for an inode
 * whose file handle cannot be opened. CRIU looks at each path again before it believes it.
 */
public final class IrmapCache {

  /** What CRIU calls the file, the only image without a suffix. */
  private static final String NAME = "irmap-cache";

  private static final int SERVICE_MAGIC = 0x55105940;
  private static final int IRMAP_CACHE_MAGIC = 0x57004059;

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private IrmapCache() {}

  /**
   * Writes the file.
   *
   * @param work CRIU's working directory
   * @param device of the filesystem that the inodes are on
   * @param paths by inode number; relative to the pod's root, byte for byte
   */
  public static void write(Path work, Device device, Map<Long, byte[]> paths) throws IOException {
    try (OutputStream out = Files.newOutputStream(work.resolve(NAME))) {
      out.write(littleEndian(SERVICE_MAGIC));
      out.write(littleEndian(IRMAP_CACHE_MAGIC));
      for (Map.Entry<Long, byte[]> path : paths.entrySet()) {
        IrmapCacheEntry entry =
            IrmapCacheEntry.newBuilder()
                .setDev((int) device.kernelNumber())
                .setInode(path.getKey())
                .setPath(SLASH.concat(ByteString.copyFrom(path.getValue())))
                .build();
        out.write(littleEndian(entry.getSerializedSize()));
        entry.writeTo(out);
      }
    }
  }

  /** Removes it, if it is there: a later dump would believe it. */
  public static void delete(Path work) throws IOException {
    Files.deleteIfExists(work.resolve(NAME));
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
