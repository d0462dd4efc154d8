package io.podkit.fs.storage;

import io.podkit.fs.api.FileNeeds;
import io.podkit.fs.api.FileNeeds.XattrKind;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.linux.XattrCalls;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks trees that may be in use, for what they ask of a filesystem. One thread. */
final class NeedsSurvey {

  private static final Set<Errno> GONE = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

  private final Syscalls sys;
  private final Map<XattrKind, Long> xattrs = new EnumMap<>(XattrKind.class);
  private final Set<Long> linked = new HashSet<>();
  private long entries;
  private long largestFile;
  private int longestName;

  NeedsSurvey(Syscalls sys) {
    this.sys = sys;
  }

  FileNeeds result() {
    return new FileNeeds(entries, largestFile, longestName, xattrs);
  }

  void add(Path tree) throws ErrnoException {
    linked.clear(); // inodes of another filesystem, perhaps
    try (DirCursor cursor = DirCursor.open(sys, tree)) {
      look(PathAt.in(cursor.root(), "."));
      Deque<String> pending = new ArrayDeque<>(List.of(RawPath.ROOT));
      while (!pending.isEmpty()) {
        String directory = pending.pop();
        for (byte[] name : names(cursor, directory)) {
          longestName = Math.max(longestName, name.length);
          String path = RawPath.child(directory, RawPath.of(name));
          if (isDirectory(cursor, path)) {
            pending.push(path);
          }
        }
      }
    }
  }

  private static List<byte[]> names(DirCursor cursor, String directory) throws ErrnoException {
    try {
      return cursor.names(directory);
    } catch (ErrnoException e) {
      if (GONE.contains(e.errno()) || e.is(Errno.EXDEV)) {
        return List.of(); // removed since, or something else is mounted there
      }
      throw e;
    }
  }

  private boolean isDirectory(DirCursor cursor, String path) throws ErrnoException {
    try {
      return look(cursor.at(path));
    } catch (ErrnoException e) {
      if (GONE.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  private boolean look(PathAt at) throws ErrnoException {
    FileStat stat = sys.lstat(at);
    if (!stat.isDirectory() && stat.links() > 1 && !linked.add(stat.inode())) {
      return false;
    }
    entries++;
    if (stat.isRegular()) {
      largestFile = Math.max(largestFile, stat.size());
    }
    Map<XattrKind, Long> here = new EnumMap<>(XattrKind.class);
    for (String name : attributes(at)) {
      Optional<XattrKind> kind = kind(name);
      if (kind.isPresent()) {
        here.merge(kind.get(), length(at, name), Long::sum);
      }
    }
    here.forEach((kind, bytes) -> xattrs.merge(kind, bytes, Math::max));
    return stat.isDirectory();
  }

  /** Labels of a host's own security policy do not travel. */
  private static Optional<XattrKind> kind(String name) {
    if (name.startsWith("user.")) {
      return Optional.of(XattrKind.USER);
    } else if (name.startsWith("trusted.")) {
      return Optional.of(XattrKind.TRUSTED);
    } else if (name.equals("security.capability")) {
      return Optional.of(XattrKind.CAPABILITY);
    }
    return name.startsWith("system.posix_acl_") ? Optional.of(XattrKind.ACL) : Optional.empty();
  }

  private List<String> attributes(PathAt at) throws ErrnoException {
    try {
      return sys.llistxattr(at);
    } catch (ErrnoException e) {
      if (XattrCalls.NO_XATTRS.contains(e.errno())) {
        return List.of();
      }
      throw e;
    }
  }

  private long length(PathAt at, String name) throws ErrnoException {
    try {
      return sys.lgetxattr(at, name).length;
    } catch (ErrnoException e) {
      if (XattrCalls.NO_XATTRS.contains(e.errno())) {
        return 0; // removed since it was listed
      }
      throw e;
    }
  }
}
