package io.podkit.fs.dir;

import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.RenameFlag;
import io.podkit.linux.Syscalls;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes whole trees without following links or crossing mounts, however deep they are: it keeps a
 * list of directories still to be emptied, not a call for each level. Not thread-safe.
 */
public final class TreeRemover {

  /** Each level of the way down costs a descriptor. */
  private static final int MAX_DEPTH = 100;

  private final Syscalls sys;
  private int moved;

  /** A remover that works through these calls. */
  public TreeRemover(Syscalls sys) {
    this.sys = sys;
  }

  /**
   * Removes a directory with all it holds; does nothing if it is not there.
   *
   * @throws ErrnoException EXDEV or EBUSY if something is mounted in it
   */
  public void remove(Path directory) throws ErrnoException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("will not remove " + directory);
    }
    try (DirCursor cursor = DirCursor.open(sys, parent)) {
      remove(cursor, RawPath.ofText(directory.getFileName().toString()));
    } catch (ErrnoException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /**
   * Removes the entry at a raw path, with all it holds if it is a directory; does nothing if it is
   * not there. The cursor is left at its parent.
   */
  public void remove(DirCursor cursor, String path) throws ErrnoException {
    Optional<FileStat> stat = lstat(cursor.at(path));
    if (stat.isEmpty()) {
      return;
    }
    cursor.leave(path);
    if (!stat.get().isDirectory()) {
      sys.unlink(cursor.at(path));
      return;
    }
    Deque<String> emptied = new ArrayDeque<>();
    Deque<String> pending = new ArrayDeque<>();
    pending.push(path);
    while (!pending.isEmpty()) {
      String directory = pending.pop();
      if (RawPath.depth(directory) - RawPath.depth(path) > MAX_DEPTH) {
        directory = moveUp(cursor, directory, path);
      }
      empty(cursor, directory, pending);
      emptied.push(directory);
    }
    for (String directory : emptied) {
      cursor.leave(directory);
      sys.rmdir(cursor.at(directory));
    }
  }

  private void empty(DirCursor cursor, String directory, Deque<String> subdirectories)
      throws ErrnoException {
    List<byte[]> names = cursor.names(directory);
    Fd fd = cursor.enter(directory);
    for (byte[] name : names) {
      PathAt at = PathAt.in(fd, name);
      Optional<FileStat> stat = lstat(at);
      if (stat.isEmpty()) {
        continue;
      }
      if (stat.get().isDirectory()) {
        subdirectories.push(RawPath.child(directory, RawPath.of(name)));
      } else {
        sys.unlink(at);
      }
    }
  }

  /**
   * Renames a directory that lies too deep to the top of the tree, which shortens the way to it.
   */
  private String moveUp(DirCursor cursor, String directory, String top) throws ErrnoException {
    try (Fd from = sys.openDirectory(PathAt.in(cursor.enter(RawPath.parent(directory)), "."))) {
      Fd to = cursor.enter(top);
      while (true) {
        String name = ".podkit-removed-" + moved++;
        try {
          byte[] oldName = RawPath.bytes(RawPath.name(directory));
          sys.renameat2(
              PathAt.in(from, oldName), PathAt.in(to, name), Set.of(RenameFlag.NO_REPLACE));
          return RawPath.child(top, name);
        } catch (ErrnoException e) {
          if (!e.is(Errno.EEXIST)) {
            throw e;
          }
        }
      }
    }
  }

  private Optional<FileStat> lstat(PathAt at) throws ErrnoException {
    try {
      return Optional.of(sys.lstat(at));
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
