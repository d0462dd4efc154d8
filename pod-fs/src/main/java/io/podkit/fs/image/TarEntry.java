package io.podkit.fs.image;

import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a tar file, with what its extension headers say already applied.
 *
 * @param path as it stands in the file, one char for each byte
 * @param type what it makes, or null for a hard link
 * @param permissions the mode's lower twelve bits
 * @param uid owner by number
 * @param gid group by number
 * @param modified when its content was changed
 * @param link target of a symbolic link, or path of the entry to link to; else empty
 * @param device what a device node stands for
 * @param size bytes of the file it makes, holes included
 * @param xattrs extended attributes by name
 */
record TarEntry(
    String path,
    @Nullable FileType type,
    int permissions,
    long uid,
    long gid,
    Instant modified,
    String link,
    Device device,
    long size,
    SortedMap<String, byte[]> xattrs) {

  /** Whether it gives an earlier entry a second name. */
  boolean isHardLink() {
    return type == null;
  }
}
