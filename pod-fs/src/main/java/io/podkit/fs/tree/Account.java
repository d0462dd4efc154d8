package io.podkit.fs.tree;

import io.podkit.fs.dir.RawPath;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the other side has of a tree, as it was here when it was sent. Not thread-safe. */
final class Account {

  private final NavigableMap<String, TreeEntry> entries = new TreeMap<>();

  /** The names of what is no directory, by inode. */
  private final Map<Long, Set<String>> names = new HashMap<>();

  @Nullable TreeEntry find(String path) {
    return entries.get(path);
  }

  void put(TreeEntry entry) {
    forgetName(entries.put(entry.path(), entry));
    if (!entry.isDirectory()) {
      names.merge(entry.stat().inode(), Set.of(entry.path()), Account::union);
    }
  }

  /** Removes a path with all it holds. */
  void remove(String path) {
    forgetName(entries.remove(path));
    NavigableMap<String, TreeEntry> below = below(path);
    below.values().forEach(this::forgetName);
    below.clear();
  }

  /** All that lies beneath a directory. */
  Collection<TreeEntry> within(String directory) {
    return below(directory).values();
  }

  /** All names that an inode had. */
  Collection<String> namesOf(long inode) {
    return names.getOrDefault(inode, Set.of());
  }

  /** All of it; changes with it. */
  TreeManifest whole() {
    return new TreeManifest(true, entries);
  }

  /** Everything is forgotten. */
  void clear() {
    entries.clear();
    names.clear();
  }

  /** '0' follows '/'. */
  private NavigableMap<String, TreeEntry> below(String directory) {
    return directory.equals(RawPath.ROOT)
        ? entries.tailMap(RawPath.ROOT, false)
        : entries.subMap(directory + "/", true, directory + "0", false);
  }

  private void forgetName(@Nullable TreeEntry entry) {
    if (entry == null || entry.isDirectory()) {
      return;
    }
    Set<String> left = new HashSet<>(namesOf(entry.stat().inode()));
    left.remove(entry.path());
    if (left.isEmpty()) {
      names.remove(entry.stat().inode());
    } else {
      names.put(entry.stat().inode(), Set.copyOf(left));
    }
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(more);
    return Set.copyOf(all);
  }
}
