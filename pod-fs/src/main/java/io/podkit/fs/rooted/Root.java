package io.podkit.fs.rooted;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * A directory that counts as the root: absolute paths and links begin there, {@code ..} stops
 * there.
 */
final class Root implements AutoCloseable {

  private static final Set<OpenFlag> DIRECTORY = EnumSet.of(OpenFlag.PATH, OpenFlag.DIRECTORY);
  private static final Set<ResolveFlag> IN_ROOT =
      EnumSet.of(ResolveFlag.IN_ROOT, ResolveFlag.NO_MAGICLINKS);

  private final Syscalls sys;
  private final Fd root;

  private Root(Syscalls sys, Fd root) {
    this.sys = sys;
    this.root = root;
  }

  static Root open(Syscalls sys, Path directory) throws PodkitException {
    try {
      return new Root(sys, sys.open(PathAt.of(directory), DIRECTORY, 0));
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        throw PodkitException.notFound("there is no directory " + directory);
      }
      throw PodkitException.io("cannot open " + directory, e);
    }
  }

  /** Opens what the path names, through links within the root. */
  Fd open(String path, Set<OpenFlag> flags) throws ErrnoException {
    return sys.openat2(PathAt.in(root, relative(path)), flags, 0, IN_ROOT);
  }

  /** Opens a directory as a place. */
  Fd directory(String path) throws ErrnoException {
    return open(path, DIRECTORY);
  }

  /** Opens the directory that holds the path's last component, or the root itself for {@code /}. */
  Fd parent(String path) throws ErrnoException {
    String trimmed = trimmed(path);
    int slash = trimmed.lastIndexOf('/');
    return directory(slash < 0 ? "." : trimmed.substring(0, slash));
  }

  boolean isDirectory(String path) throws ErrnoException {
    try (Fd fd = directory(path)) {
      return true;
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      root.close();
    } catch (ErrnoException e) {
      return; // a place was never written to
    }
  }

  /** The path's last component in its opened parent; not followed if it is a link. */
  static PathAt in(Fd parent, String path) throws PodkitException {
    return PathAt.in(parent, name(path));
  }

  /**
   * The path's last component; empty for {@code /}.
   *
   * @throws PodkitException USAGE if it is {@code ..}
   */
  static String name(String path) throws PodkitException {
    String trimmed = trimmed(path);
    String name = trimmed.substring(trimmed.lastIndexOf('/') + 1);
    if (!name.isEmpty() && !RawPath.isName(RawPath.ofText(name))) {
      throw PodkitException.usage("'" + path + "' does not end in a name");
    }
    return name;
  }

  private static byte[] relative(String path) {
    String trimmed = trimmed(path);
    return (trimmed.isEmpty() ? "." : trimmed).getBytes(StandardCharsets.UTF_8);
  }

  private static String trimmed(String path) {
    int from = 0;
    int to = path.length();
    while (from < to && path.charAt(from) == '/') {
      from++;
    }
    while (to > from && path.charAt(to - 1) == '/') {
      to--;
    }
    return path.substring(from, to);
  }
}
