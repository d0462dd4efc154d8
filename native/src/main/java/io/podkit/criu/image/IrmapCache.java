package io.podkit.criu.image;

import com.google.protobuf.ByteString;
import io.podkit.criu.proto.IrmapCacheEntry;
import io.podkit.linux.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes CRIU's inode reverse map, {@code irmap-cache}: lying in its working directory before a
 * dump, it spares CRIU the search through the whole tree, while the pod is frozen, for an inode
 * whose file handle cannot be opened. CRIU looks at each path again before it believes it.
 */
public final class IrmapCache {

  /** What CRIU calls the file, the only image without a suffix. */
  private static final String NAME = "irmap-cache";

  private static final int MAGIC = 0x57004059;

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
    List<IrmapCacheEntry> entries = new ArrayList<>();
    paths.forEach(
        (inode, path) ->
            entries.add(
                IrmapCacheEntry.newBuilder()
                    .setDev((int) device.kernelNumber())
                    .setInode(inode)
                    .setPath(SLASH.concat(ByteString.copyFrom(path)))
                    .build()));
    ImageRecords.write(work.resolve(NAME), ImageRecords.SERVICE, MAGIC, entries);
  }

  /** Removes it, if it is there: a later dump would believe it. */
  public static void delete(Path work) throws IOException {
    Files.deleteIfExists(work.resolve(NAME));
  }
}
