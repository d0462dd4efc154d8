package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.ErrnoException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at that part of a tree that may have changed: the paths that are named, the directories
 * they lie in, all that lies in a directory that is new, and the other names of what has several.
 *
 * @param before what the other side has of that part
 * @param now what is here
 */
record PartialScan(TreeManifest before, TreeManifest now) {

  /**
   * Makes one.
   *
   * @param changed raw paths, of which some may be gone
   * @param renewed those of them where a directory was made
   * @param seen noted in every entry
   * @throws PodkitException as {@link TreeScanner#scan}
   */
  static PartialScan of(
      TreeScanner scanner,
      DirCursor cursor,
      Account account,
      Collection<String> changed,
      Set<String> renewed,
      Instant seen)
      throws PodkitException {
    try {
      Part part = new Part(scanner, cursor, account, seen);
      part.look(changed, renewed);
      boolean timesReliable = scanner.areTimesReliable(cursor);
      return new PartialScan(
          new TreeManifest(timesReliable, part.before), new TreeManifest(timesReliable, part.now));
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot look at what changed in the tree", e);
    }
  }

  private static final class Part {
    private final Account account;
    private final TreeScanner.Walk walk;
    private final NavigableMap<String, TreeEntry> before = new TreeMap<>();
    private final NavigableMap<String, TreeEntry> now = new TreeMap<>();

    Part(TreeScanner scanner, DirCursor cursor, Account account, Instant seen)
        throws ErrnoException {
      this.account = account;
      this.walk = scanner.walk(cursor, seen, now);
    }

    void look(Collection<String> changed, Set<String> renewed)
        throws ErrnoException, PodkitException {
      NavigableSet<String> paths = new TreeSet<>(changed);
      changed.forEach(path -> paths.add(RawPath.parent(path)));
      for (String path : paths) {
        if (!now.containsKey(path)) { // else found within a new directory
          at(path, renewed.contains(path));
        }
      }
      for (TreeEntry entry : List.copyOf(now.values())) {
        if (!entry.isDirectory()) {
          otherNames(entry);
        }
      }
      for (String path : now.keySet()) {
        remember(path);
      }
    }

    private void at(String path, boolean renewed) throws ErrnoException, PodkitException {
      TreeEntry old = account.find(path);
      Optional<TreeEntry> found = walk.at(path);
      remember(path);
      boolean sameDirectory =
          !renewed
              && old != null
              && found.isPresent()
              && old.isDirectory()
              && old.sameInodeAndType(found.get());
      if (sameDirectory) {
        return;
      }
      account.within(path).forEach(entry -> before.put(entry.path(), entry));
      if (found.isPresent() && found.get().isDirectory()) {
        walk.below(path);
      }
    }

    private void otherNames(TreeEntry entry) throws ErrnoException, PodkitException {
      for (String name : account.namesOf(entry.stat().inode())) {
        if (!now.containsKey(name)) {
          walk.at(name);
          remember(name);
        }
      }
    }

    private void remember(String path) {
      TreeEntry old = account.find(path);
      if (old != null) {
        before.put(path, old);
      }
    }
  }
}
