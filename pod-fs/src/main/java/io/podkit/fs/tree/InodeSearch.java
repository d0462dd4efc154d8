package io.podkit.fs.tree;

import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Device;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the names of inodes, the nearest to the root first. One search; not thread-safe. */
final class InodeSearch {

  /** What becomes of a name in a tree that is in use; EXDEV where something is mounted. */
  private static final Set<Errno> PASSED_OVER =
      Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EXDEV);

  private final Syscalls sys;
  private final DirCursor cursor;
  private final Set<Long> wanted;
  private final Map<Long, byte[]> found = new HashMap<>();
  private final Deque<String> pending = new ArrayDeque<>();

  InodeSearch(Syscalls sys, DirCursor cursor, Set<Long> inodes) {
    this.sys = sys;
    this.cursor = cursor;
    this.wanted = new HashSet<>(inodes);
  }

  Map<Long, byte[]> run() throws ErrnoException {
    FileStat root = sys.fstat(cursor.root());
    meet(RawPath.ROOT, root);
    pending.add(RawPath.ROOT);
    while (!pending.isEmpty() && !wanted.isEmpty()) {
      String directory = pending.remove();
      try {
        list(directory, root.device());
      } catch (ErrnoException e) {
        passOver(e);
      }
    }
    return found;
  }

  private void list(String directory, Device device) throws ErrnoException {
    List<byte[]> names = cursor.names(directory);
    Fd fd = cursor.enter(directory);
    for (byte[] name : names) {
      try {
        FileStat stat = sys.lstat(PathAt.in(fd, name));
        // A regular file of an overlay may show the device of the layer it comes from.
        if (!stat.isDirectory() || stat.device().equals(device)) {
          meet(RawPath.child(directory, RawPath.of(name)), stat);
        }
      } catch (ErrnoException e) {
        passOver(e);
      }
    }
  }

  private void meet(String path, FileStat stat) {
    if (wanted.remove(stat.inode())) {
      found.put(stat.inode(), RawPath.bytes(path));
    }
    if (stat.isDirectory() && !path.isEmpty()) {
      pending.add(path);
    }
  }

  private static void passOver(ErrnoException e) throws ErrnoException {
    if (!PASSED_OVER.contains(e.errno())) {
      throw e;
    }
  }
}
