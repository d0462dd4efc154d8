package io.podkit.fs.watch;

import java.util.Set;

/**
 * What changed in a tree since it was asked last.
 *
 * @param complete whether nothing else changed; if not, anything may have
 * @param paths raw, of entries that were made, changed, removed or moved, and may be gone
 * @param newDirectories those paths where a directory was made or moved to; its inode may have the
 *     number of an earlier one
 * @param inodes numbers of inodes that were changed, by a name that they may have lost
 */
public record Changes(
    boolean complete, Set<String> paths, Set<String> newDirectories, Set<Long> inodes) {

  /** Anything may have changed. */
  public static final Changes UNKNOWN = new Changes(false, Set.of(), Set.of(), Set.of());
}
