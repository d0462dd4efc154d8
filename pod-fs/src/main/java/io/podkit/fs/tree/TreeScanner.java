package io.podkit.fs.tree;

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
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
  private final Clock clock;
  private final TreeLimits limits;

  TreeScanner(Syscalls sys, Clock clock, TreeLimits limits) {
    this.sys = sys;
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Scans the tree beneath the cursor's root.
   *
   * @throws PodkitException UNSUPPORTED if it is too deep or something is mounted in it, IO if
   *     reading failed
   */
  TreeManifest scan(DirCursor cursor) throws PodkitException {
    Instant started = clock.instant();
    Map<String, TreeEntry> entries = new LinkedHashMap<>();
    Deque<String> pending = new ArrayDeque<>();
    try {
      FileStat root = sys.fstat(cursor.root());
      entries.put(RawPath.ROOT, TreeEntry.of(RawPath.ROOT, root));
      pending.push(RawPath.ROOT);
      while (!pending.isEmpty()) {
        list(cursor, pending.pop(), root.device(), entries, pending);
      }
      boolean tmpfs = sys.statfs(cursor.root().procPath()).magic() == FileSystemStat.TMPFS_MAGIC;
      return new TreeManifest(started, !tmpfs, entries);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot scan the tree", e);
    }
  }

  private void list(
      DirCursor cursor,
      String directory,
      Device device,
      Map<String, TreeEntry> entries,
      Deque<String> pending)
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
      String path = RawPath.child(directory, RawPath.of(name));
      if (!stat.device().equals(device)) {
        throw unsupported(RawPath.shown(path) + " lies on another filesystem");
      }
      if (path.length() > limits.pathBytes()) {
        throw unsupported("a path has more than " + limits.pathBytes() + " bytes");
      }
      entries.put(path, TreeEntry.of(path, stat));
      if (stat.isDirectory()) {
        pending.push(path);
      }
    }
  }

  private static PodkitException unsupported(String why) {
    return PodkitException.of(ErrorKind.UNSUPPORTED, "cannot copy the tree: " + why);
  }
}
