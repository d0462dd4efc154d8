package io.podkit.fs.export;

import io.podkit.linux.Device;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One entry of a tar file to be written.
 *
 * @param path raw, one char for each byte; a directory's ends in a slash
 * @param type tar's own letter
 * @param permissions the mode's lower twelve bits
 * @param uid owner by number
 * @param gid group by number
 * @param modified when its content was changed
 * @param link target of a symbolic link, or path of the entry to link to; else empty
 * @param device what a device node stands for
 * @param size bytes that follow
 * @param xattrs extended attributes by name
 */
record TarHeader(
    String path,
    char type,
    int permissions,
    long uid,
    long gid,
    Instant modified,
    String link,
    Device device,
    long size,
    SortedMap<String, byte[]> xattrs) {

  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMLINK = '2';
  static final char CHARACTER_DEVICE = '3';
  static final char BLOCK_DEVICE = '4';
  static final char DIRECTORY = '5';
  static final char FIFO = '6';

  /** A file that says nothing but its name and how long it is: root's, of no time. */
  static TarHeader plain(String path, long size) {
    return new TarHeader(
        path, FILE, 0644, 0, 0, Instant.EPOCH, "", Device.NONE, size, new TreeMap<>());
  }

  /** A directory of that kind. */
  static TarHeader plainDirectory(String path) {
    return new TarHeader(
        path, DIRECTORY, 0755, 0, 0, Instant.EPOCH, "", Device.NONE, 0, new TreeMap<>());
  }
}
