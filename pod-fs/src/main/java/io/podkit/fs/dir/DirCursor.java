package io.podkit.fs.dir;

import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A place beneath a root directory, reached one component at a time without following a link or
 * crossing a mount, and kept open: whoever renames directories meanwhile cannot make it point
 * outside. Neighbouring paths cost no further calls. Not thread-safe.
 */
public final class DirCursor implements AutoCloseable {

  private static final Set<OpenFlag> DIRECTORY =
      EnumSet.of(OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW, OpenFlag.NO_ATIME);
  private static final Set<ResolveFlag> BENEATH =
      EnumSet.of(ResolveFlag.BENEATH, ResolveFlag.NO_SYMLINKS, ResolveFlag.NO_XDEV);

  private record Step(String name, Fd directory) {}

  private final Syscalls sys;
  private final Fd root;
  private final List<Step> steps = new ArrayList<>();

  /**
   * A cursor at {@code root}.
   *
   * @param root owned by the cursor from now on
   */
  public DirCursor(Syscalls sys, Fd root) {
    this.sys = sys;
    this.root = root;
  }

  /** A cursor at that directory, which may be reached through links. */
  public static DirCursor open(Syscalls sys, Path root) throws ErrnoException {
    return new DirCursor(sys, sys.open(PathAt.of(root), EnumSet.of(OpenFlag.DIRECTORY), 0));
  }

  /** One more cursor at the same root, for another thread. */
  public DirCursor again() throws ErrnoException {
    return new DirCursor(
        sys, sys.open(PathAt.in(root, "."), EnumSet.of(OpenFlag.DIRECTORY, OpenFlag.NO_ATIME), 0));
  }

  /** The root directory, open as long as the cursor is. */
  public Fd root() {
    return root;
  }

  /**
   * Moves to a directory.
   *
   * @param path raw
   * @return the open directory, valid until the cursor moves
   * @throws ErrnoException ENOENT, ENOTDIR or ELOOP if a component is no directory, EXDEV at a
   *     mount
   */
  public Fd enter(String path) throws ErrnoException {
    int from = 0;
    int kept = 0;
    while (from < path.length() && kept < steps.size() && follows(path, from, steps.get(kept))) {
      from += steps.get(kept).name.length() + 1;
      kept++;
    }
    keep(kept);
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      descend(path.substring(from, to));
      from = to + 1;
    }
    return here();
  }

  /**
   * Moves to the directory that holds an entry.
   *
   * @param path raw, not the root
   * @return the entry, for calls that act on it without following it; valid until the cursor moves
   * @throws ErrnoException as {@link #enter}
   */
  public PathAt at(String path) throws ErrnoException {
    Fd directory = enter(RawPath.parent(path));
    return PathAt.in(directory, RawPath.bytes(RawPath.name(path)));
  }

  /**
   * Moves to a directory and reads what is in it.
   *
   * @return the names, unsorted
   * @throws ErrnoException as {@link #enter}
   */
  public List<byte[]> names(String path) throws ErrnoException {
    Fd directory = enter(path);
    // A descriptor of its own: ours may have been read to its end before.
    try (Fd reading = sys.openDirectory(PathAt.in(directory, "."))) {
      return sys.readDirectory(reading);
    }
  }

  /** Leaves a directory that is about to be removed or replaced. */
  public void leave(String path) throws ErrnoException {
    StringBuilder here = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      here.append(i == 0 ? "" : "/").append(steps.get(i).name);
      if (RawPath.isWithin(here.toString(), path)) {
        keep(i);
        return;
      }
    }
  }

  @Override
  public void close() throws ErrnoException {
    try {
      keep(0);
    } finally {
      root.close();
    }
  }

  private static boolean follows(String path, int from, Step step) {
    int end = from + step.name.length();
    return path.startsWith(step.name, from) && (end == path.length() || path.charAt(end) == '/');
  }

  private Fd here() {
    return steps.isEmpty() ? root : steps.get(steps.size() - 1).directory;
  }

  private void descend(String name) throws ErrnoException {
    PathAt at = PathAt.in(here(), RawPath.bytes(name));
    steps.add(new Step(name, sys.openat2(at, DIRECTORY, 0, BENEATH)));
  }

  private void keep(int count) throws ErrnoException {
    while (steps.size() > count) {
      steps.remove(steps.size() - 1).directory.close();
    }
  }
}
