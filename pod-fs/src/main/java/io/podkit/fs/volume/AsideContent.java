package io.podkit.fs.volume;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.RenameFlag;
import io.podkit.linux.Syscalls;
import io.podkit.linux.XattrCalls;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a directory holds, moved into a directory in it and back: for a directory on which a
 * filesystem is mounted, which nothing can be renamed onto. While entries are being moved the
 * directory's name ends in {@code .moving}: whoever finds that after a crash knows that everything
 * beside it is as old as what is in it.
 */
final class AsideContent {

  private static final String MOVING = ".moving";
  private static final Set<RenameFlag> PLAIN = Set.of(RenameFlag.NO_REPLACE);

  private final Syscalls sys;
  private final Path directory;
  private final Path aside;
  private final Path moving;

  AsideContent(Syscalls sys, Path directory, String name) {
    this.sys = sys;
    this.directory = directory;
    aside = directory.resolve(name);
    moving = directory.resolve(name + MOVING);
  }

  void make() throws PodkitException {
    try {
      FileStat stat = sys.lstat(PathAt.of(directory));
      sys.mkdir(PathAt.of(moving), 0700);
      attributes(directory, moving);
      for (String name : entries()) {
        rename(directory, name, moving);
      }
      setAttributes(moving, stat); // moving names has changed its times
      sys.renameat2(PathAt.of(moving), PathAt.of(aside), PLAIN);
      sync();
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot set the content of " + directory + " aside", e);
    }
  }

  void undo() throws PodkitException {
    try {
      if (Files.isDirectory(aside, LinkOption.NOFOLLOW_LINKS)) {
        TreeRemover remover = new TreeRemover(sys);
        try (DirCursor cursor = DirCursor.open(sys, directory)) {
          for (String name : entries()) {
            remover.remove(cursor, name);
          }
        }
        sys.renameat2(PathAt.of(aside), PathAt.of(moving), PLAIN);
      }
      if (Files.isDirectory(moving, LinkOption.NOFOLLOW_LINKS)) {
        FileStat stat = sys.lstat(PathAt.of(moving));
        try (DirCursor cursor = DirCursor.open(sys, moving)) {
          for (byte[] name : cursor.names(RawPath.ROOT)) {
            rename(moving, RawPath.of(name), directory);
          }
        }
        attributes(moving, directory);
        sys.rmdir(PathAt.of(moving));
        setAttributes(directory, stat);
        sync();
      }
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot bring the content of " + directory + " back", e);
    }
  }

  /** Everything but our own, and a {@code lost+found}, which belongs to the filesystem. */
  private List<String> entries() throws ErrnoException {
    List<String> names = new ArrayList<>();
    try (DirCursor cursor = DirCursor.open(sys, directory)) {
      for (byte[] bytes : cursor.names(RawPath.ROOT)) {
        String name = RawPath.of(bytes);
        if (!name.equals(aside.getFileName().toString())
            && !name.equals(moving.getFileName().toString())
            && !name.equals(PlaceWalk.LOST_AND_FOUND)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private void rename(Path from, String name, Path to) throws ErrnoException {
    try (Fd old = sys.openDirectory(PathAt.of(from));
        Fd other = sys.openDirectory(PathAt.of(to))) {
      byte[] bytes = RawPath.bytes(name);
      sys.renameat2(PathAt.in(old, bytes), PathAt.in(other, bytes), PLAIN);
    }
  }

  /** Those that programs set; what else the kernel lists is the host's own. */
  private void attributes(Path from, Path to) throws ErrnoException {
    for (String name : names(to)) {
      sys.lremovexattr(PathAt.of(to), name);
    }
    for (String name : names(from)) {
      sys.lsetxattr(PathAt.of(to), name, sys.lgetxattr(PathAt.of(from), name));
    }
  }

  private List<String> names(Path path) throws ErrnoException {
    try {
      return sys.llistxattr(PathAt.of(path)).stream()
          .filter(name -> name.startsWith("user.") || name.startsWith("system.posix_acl_"))
          .toList();
    } catch (ErrnoException e) {
      if (XattrCalls.NO_XATTRS.contains(e.errno())) {
        return List.of();
      }
      throw e;
    }
  }

  private void setAttributes(Path path, FileStat stat) throws ErrnoException {
    sys.lchown(PathAt.of(path), stat.uid(), stat.gid());
    sys.chmod(PathAt.of(path), stat.permissions());
    sys.utimensat(PathAt.of(path), stat.accessed(), stat.modified());
  }

  private void sync() throws ErrnoException {
    try (Fd fd = sys.openDirectory(PathAt.of(directory))) {
      sys.fsync(fd);
    }
  }
}
