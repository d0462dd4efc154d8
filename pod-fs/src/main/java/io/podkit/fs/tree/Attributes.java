package io.podkit.fs.tree;

import io.podkit.linux.FileStat;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an inode has beside its type and content.
 *
 * @param permissions the lower twelve bits of its mode; meaningless for a symbolic link
 * @param uid owner
 * @param gid group
 * @param modified content, to the nanosecond
 * @param accessed last read, to the nanosecond
 * @param xattrs extended attributes by name
 */
record Attributes(
    int permissions,
    long uid,
    long gid,
    Instant modified,
    Instant accessed,
    Map<String, byte[]> xattrs) {

  Attributes {
    xattrs = new TreeMap<>(xattrs);
  }

  static Attributes of(FileStat stat, Map<String, byte[]> xattrs) {
    return new Attributes(
        stat.permissions(), stat.uid(), stat.gid(), stat.modified(), stat.accessed(), xattrs);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attributes o
        && permissions == o.permissions
        && uid == o.uid
        && gid == o.gid
        && modified.equals(o.modified)
        && accessed.equals(o.accessed)
        && xattrs.keySet().equals(o.xattrs.keySet())
        && xattrs.entrySet().stream()
            .allMatch(e -> Arrays.equals(e.getValue(), o.xattrs.get(e.getKey())));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(new Object[] {permissions, uid, gid, modified, xattrs.keySet()});
  }
}
