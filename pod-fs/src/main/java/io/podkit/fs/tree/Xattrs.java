package io.podkit.fs.tree;

import io.podkit.fs.api.TreeKind;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.linux.XattrCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads and sets those extended attributes that travel. */
final class Xattrs {

  private final Syscalls sys;
  private final TreeKind kind;

  Xattrs(Syscalls sys, TreeKind kind) {
    this.sys = sys;
    this.kind = kind;
  }

  /** The attributes that travel; none where the filesystem has none. */
  Map<String, byte[]> read(PathAt at) throws ErrnoException {
    return read(() -> sys.llistxattr(at), name -> sys.lgetxattr(at, name));
  }

  /** The same of an open file. */
  Map<String, byte[]> read(Fd file) throws ErrnoException {
    return read(() -> sys.flistxattr(file), name -> sys.fgetxattr(file, name));
  }

  private interface Names {
    List<String> list() throws ErrnoException;
  }

  private interface Values {
    byte[] get(String name) throws ErrnoException;
  }

  private Map<String, byte[]> read(Names all, Values values) throws ErrnoException {
    List<String> names = names(all);
    if (names.isEmpty()) {
      return Map.of();
    }
    Map<String, byte[]> xattrs = new HashMap<>();
    for (String name : names) {
      if (!XattrRules.carried(kind, name)) {
        continue;
      }
      try {
        xattrs.put(name, values.get(name));
      } catch (ErrnoException e) {
        if (!e.is(Errno.ENODATA)) { // removed since it was listed
          throw e;
        }
      }
    }
    return xattrs;
  }

  /** Makes these the only ones of those that travel. */
  void replace(PathAt at, Map<String, byte[]> wanted) throws ErrnoException {
    for (String name : names(() -> sys.llistxattr(at))) {
      if (XattrRules.carried(kind, name) && !wanted.containsKey(name)) {
        sys.lremovexattr(at, name);
      }
    }
    add(at, wanted);
  }

  /** Sets these on what has none of its own. */
  void add(PathAt at, Map<String, byte[]> wanted) throws ErrnoException {
    for (Map.Entry<String, byte[]> xattr : wanted.entrySet()) {
      sys.lsetxattr(at, xattr.getKey(), xattr.getValue());
    }
  }

  private static List<String> names(Names names) throws ErrnoException {
    try {
      return names.list();
    } catch (ErrnoException e) {
      if (XattrCalls.NO_XATTRS.contains(e.errno())) {
        return List.of();
      }
      throw e;
    }
  }
}
