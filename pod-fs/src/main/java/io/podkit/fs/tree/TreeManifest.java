package io.podkit.fs.tree;

import io.podkit.fs.api.TreeSize;
import io.podkit.fs.dir.RawPath;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All entries of a tree, each directory before what it holds.
 *
 * @param started when the scan began; what changed after that may have been seen before or after
 * @param timesReliable whether every change of content shows in the inode's times; it does not on a
 *     tmpfs, where a store through a mapping leaves them alone
 * @param entries by raw path, in the order of the scan; the root has the empty path
 */
record TreeManifest(Instant started, boolean timesReliable, Map<String, TreeEntry> entries) {

  private static final int BYTES_PER_BLOCK = 512;

  /** A tree of which the other side has nothing but an empty root directory. */
  static final TreeManifest NOTHING = new TreeManifest(Instant.MIN, true, Map.of());

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

  /** The same moment with these entries instead. */
  TreeManifest withEntries(Map<String, TreeEntry> newEntries) {
    return new TreeManifest(started, timesReliable, newEntries);
  }

  /** Whether an entry of this manifest is missing or of another type in {@code later}. */
  boolean isGone(TreeEntry entry, TreeManifest later) {
    TreeEntry current = later.find(entry.path());
    return current == null || current.stat().type() != entry.stat().type();
  }

  /** Those entries that deletions on the way to {@code later} leave alone. */
  Map<String, TreeEntry> keptIn(TreeManifest later) {
    Map<String, TreeEntry> kept = new LinkedHashMap<>();
    for (TreeEntry entry : all()) {
      String path = entry.path();
      boolean parentKept = path.isEmpty() || kept.containsKey(RawPath.parent(path));
      if (parentKept && !isGone(entry, later)) {
        kept.put(path, entry);
      }
    }
    return kept;
  }
}
