package io.podkit.fs.tree;

import io.podkit.fs.api.TreeSize;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a tree, each directory before what it holds: all of them, or those that may have
 * changed.
 *
 * @param timesReliable whether every change of content shows in the inode's times; it does not on a
 *     tmpfs, where a store through a mapping leaves them alone
 * @param entries by raw path
 */
record TreeManifest(boolean timesReliable, NavigableMap<String, TreeEntry> entries) {

  private static final int BYTES_PER_BLOCK = 512;

  static TreeManifest of(boolean timesReliable, Map<String, TreeEntry> entries) {
    return new TreeManifest(timesReliable, new TreeMap<>(entries));
  }

  @Nullable TreeEntry find(String path) {
    return entries.get(path);
  }

  Collection<TreeEntry> all() {
    return entries.values();
  }

  /** How much it holds, without the root. */
  TreeSize size() {
    Set<Long> linked = new HashSet<>();
    long bytes = 0;
    for (TreeEntry entry : all()) {
      boolean counted = entry.isLinked() && !linked.add(entry.stat().inode());
      if (entry.stat().isRegular() && !counted) {
        bytes += entry.stat().blocks() * BYTES_PER_BLOCK;
      }
    }
    return new TreeSize(Math.max(0, entries.size() - 1), bytes);
  }

  /** Whether an entry of this manifest is missing or of another type in {@code later}. */
  boolean isGone(TreeEntry entry, TreeManifest later) {
    TreeEntry current = later.find(entry.path());
    return current == null || current.stat().type() != entry.stat().type();
  }
}
