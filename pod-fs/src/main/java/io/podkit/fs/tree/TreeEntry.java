package io.podkit.fs.tree;

import io.podkit.linux.FileStat;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a tree as it was at some moment.
 *
 * @param path raw, relative to the tree's root; empty for the root itself
 * @param stat what the kernel said of it
 * @param checksum of its content as it was sent, or null if it was not, see {@link ContentChecksum}
 */
record TreeEntry(String path, FileStat stat, @Nullable Long checksum) {

  static TreeEntry of(String path, FileStat stat) {
    return new TreeEntry(path, stat, null);
  }

  TreeEntry withChecksum(@Nullable Long newChecksum) {
    return new TreeEntry(path, stat, newChecksum);
  }

  boolean isDirectory() {
    return stat.isDirectory();
  }

  /** Whether other names may lead to the same inode. */
  boolean isLinked() {
    return !stat.isDirectory() && stat.links() > 1;
  }

  boolean sameInodeAndType(TreeEntry other) {
    return stat.inode() == other.stat.inode() && stat.type() == other.stat.type();
  }
}
