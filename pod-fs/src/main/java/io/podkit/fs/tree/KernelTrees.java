package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.api.TreeSize;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.api.TreeTarget;
import io.podkit.fs.api.Trees;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.watch.Watches;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Syscalls;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** Copies trees with system calls of our own: the JDK knows neither holes nor all attributes. */
public final class KernelTrees implements Trees {

  private final Syscalls sys;
  private final TreeScanner scanner;
  private final Clock clock;
  private final Watches watches;

  /**
   * Trees on this host.
   *
   * @param clock the clock that filesystems use, too
   * @param watches tell what changes in trees that are sent
   */
  public KernelTrees(Syscalls sys, Clock clock, Watches watches) {
    this.sys = sys;
    this.clock = clock;
    this.watches = watches;
    this.scanner = new TreeScanner(sys, TreeLimits.STANDARD);
  }

  @Override
  public TreeSource source(Path directory, TreeKind kind) throws PodkitException {
    return new PassingTreeSource(sys, kind, open(directory), scanner, clock, watches);
  }

  @Override
  public TreeTarget target(Path directory, TreeKind kind, TreeLimits limits)
      throws PodkitException {
    return new ReceivingTreeTarget(sys, kind, limits, open(directory));
  }

  @Override
  public Map<Long, byte[]> locate(Path directory, Set<Long> inodes) throws PodkitException {
    try (DirCursor cursor = open(directory)) {
      return new InodeSearch(sys, cursor, inodes).run();
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot search " + directory, e);
    }
  }

  @Override
  public TreeSize measure(Path directory) throws PodkitException {
    try (DirCursor cursor = open(directory)) {
      return scanner.scan(cursor, clock.instant()).size();
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot read " + directory, e);
    }
  }

  private DirCursor open(Path directory) throws PodkitException {
    try {
      return DirCursor.open(sys, directory);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        throw PodkitException.notFound("there is no directory " + directory);
      }
      throw PodkitException.io("cannot open " + directory, e);
    }
  }
}
