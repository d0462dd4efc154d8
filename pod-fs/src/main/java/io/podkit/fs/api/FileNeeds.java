package io.podkit.fs.api;

import java.util.Map;

/**
 * What trees ask of the filesystem that is to keep them.
 *
 * @param entries files, directories and others, hard links once
 * @param largestFile in bytes, holes included
 * @param longestName in bytes
 * @param xattrs the kinds of extended attributes there are, with the bytes that the values of that
 *     kind take on one file at most
 */
public record FileNeeds(
    long entries, long largestFile, int longestName, Map<XattrKind, Long> xattrs) {

  /** Extended attributes that a filesystem may know or not, each for itself. */
  public enum XattrKind {
    /** {@code user.*}. */
    USER,
    /** {@code trusted.*}: a file's or directory's place in an overlay, or a program's own. */
    TRUSTED,
    /** {@code security.capability}. */
    CAPABILITY,
    /** {@code system.posix_acl_*}. */
    ACL
  }

  /** Copies the map. */
  public FileNeeds {
    xattrs = Map.copyOf(xattrs);
  }
}
