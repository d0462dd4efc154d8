package io.podkit.fs.tree;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Device;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileSystemStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes the manifest of a tree with one lstat for each entry.
 *
 * <p>Processes may be writing to the tree: what vanishes under the scan is left out, a later scan
 * will tell. They cannot lead the scan out of the tree.
 */
final class TreeScanner {

  /** A component that a live tree swapped for something else between listing and opening. */
  private static final Set<Errno> VANISHED = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

  private final Syscalls sys;
  private final TreeLimits limits;

  TreeScanner(Syscalls sys, TreeLimits limits) {
    this.sys = sys;
    this.limits = limits;
  }

  /**
   * Scans the tree beneath the cursor's root.
   *
   * @param seen noted in every entry
   * @throws PodkitException UNSUPPORTED if it is too deep or something is mounted in it, IO if
   *     reading failed
   */
  TreeManifest scan(DirCursor cursor, Instant seen) throws PodkitException {
    return scan(cursor, seen, false);
  }

  /**
   * As {@link #scan(DirCursor, Instant)}.
   *
   * @param passMounts whether directories on which something is mounted are left out instead: in
   *     every {@code /dev} they are the same, and the other side has them
   */
  TreeManifest scan(DirCursor cursor, Instant seen, boolean passMounts) throws PodkitException {
    NavigableMap<String, TreeEntry> entries = new TreeMap<>();
    try {
      FileStat root = sys.fstat(cursor.root());
      entries.put(RawPath.ROOT, TreeEntry.of(RawPath.ROOT, root, seen));
      new Walk(cursor, root.device(), seen, entries, passMounts).below(RawPath.ROOT);
      return new TreeManifest(areTimesReliable(cursor), entries);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot scan the tree", e);
    }
  }

  /** Whether every change of a file's content moves its times; see {@link TreeManifest}. */
  boolean areTimesReliable(DirCursor cursor) throws ErrnoException {
    return sys.statfs(cursor.root().procPath()).magic() != FileSystemStat.TMPFS_MAGIC;
  }

  /** A walk that puts what it finds into a map. */
  Walk walk(DirCursor cursor, Instant seen, NavigableMap<String, TreeEntry> into)
      throws ErrnoException {
    return new Walk(cursor, sys.fstat(cursor.root()).device(), seen, into, false);
  }

  /** Adds entries to a map as they are found. */
  final class Walk {
    private final DirCursor cursor;
    private final Device device;
    private final Instant seen;
    private final NavigableMap<String, TreeEntry> entries;
    private final boolean passMounts;

    private Walk(
        DirCursor cursor,
        Device device,
        Instant seen,
        NavigableMap<String, TreeEntry> entries,
        boolean passMounts) {
      this.cursor = cursor;
      this.device = device;
      this.seen = seen;
      this.entries = entries;
      this.passMounts = passMounts;
    }

    /** Looks at one path; adds nothing if there is nothing, not even its directory. */
    @CanIgnoreReturnValue
    Optional<TreeEntry> at(String path) throws ErrnoException, PodkitException {
      try {
        return Optional.of(
            path.isEmpty()
                ? add(path, sys.fstat(cursor.root()))
                : add(path, sys.lstat(cursor.at(path))));
      } catch (ErrnoException e) {
        if (VANISHED.contains(e.errno())) {
          return Optional.empty();
        }
        throw e;
      }
    }

    /** Adds all that lies beneath a directory. */
    void below(String directory) throws ErrnoException, PodkitException {
      Deque<String> pending = new ArrayDeque<>();
      pending.push(directory);
      while (!pending.isEmpty()) {
        list(pending.pop(), pending);
      }
    }

    private void list(String directory, Deque<String> pending)
        throws ErrnoException, PodkitException {
      if (RawPath.depth(directory) > limits.depth()) {
        throw unsupported("more than " + limits.depth() + " directories lie within each other");
      }
      Fd fd;
      List<byte[]> names;
      try {
        names = cursor.names(directory);
        fd = cursor.enter(directory);
      } catch (ErrnoException e) {
        if (VANISHED.contains(e.errno())) {
          entries.remove(directory);
          return;
        }
        throw e;
      }
      for (byte[] name : names) {
        FileStat stat;
        try {
          stat = sys.lstat(PathAt.in(fd, name));
        } catch (ErrnoException e) {
          if (VANISHED.contains(e.errno())) {
            continue;
          }
          throw e;
        }
        if (passMounts && !stat.device().equals(device)) {
          continue;
        }
        TreeEntry entry = add(RawPath.child(directory, RawPath.of(name)), stat);
        if (entry.isDirectory()) {
          pending.push(entry.path());
        }
      }
    }

    private TreeEntry add(String path, FileStat stat) throws PodkitException {
      if (!stat.device().equals(device)) {
        throw unsupported(RawPath.shown(path) + " lies on another filesystem");
      }
      if (path.length() > limits.pathBytes()) {
        throw unsupported("a path has more than " + limits.pathBytes() + " bytes");
      }
      TreeEntry entry = TreeEntry.of(path, stat, seen);
      entries.put(path, entry);
      return entry;
    }
  }

  private static PodkitException unsupported(String why) {
    return PodkitException.of(ErrorKind.UNSUPPORTED, "cannot copy the tree: " + why);
  }
}
