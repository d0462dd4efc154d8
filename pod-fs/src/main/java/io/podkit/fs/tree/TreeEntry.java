package io.podkit.fs.tree;

import io.podkit.linux.FileStat;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a tree as it was at some moment.
 *
 * @param path raw, relative to the tree's root; empty for the root itself
 * @param stat what the kernel said of it
 * @param seen when the pass began that looked at it: what changed since then may be missing
 * @param blocks of a regular file, as they were sent; null if they were not
 */
record TreeEntry(String path, FileStat stat, Instant seen, @Nullable Blocks blocks) {

  static TreeEntry of(String path, FileStat stat, Instant seen) {
    return new TreeEntry(path, stat, seen, null);
  }

  TreeEntry withStat(FileStat newStat) {
    return new TreeEntry(path, newStat, seen, blocks);
  }

  TreeEntry withBlocks(@Nullable Blocks newBlocks) {
    return new TreeEntry(path, stat, seen, newBlocks);
  }

  /** The same inode's other name. */
  TreeEntry named(String otherPath) {
    return new TreeEntry(otherPath, stat, seen, blocks);
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
