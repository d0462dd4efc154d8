package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens regular files of a tree and reads them. One thread at a time: it has a place in the tree
 * and a buffer.
 */
final class FileOpener {

  static final Set<OpenFlag> READ =
      EnumSet.of(OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCKING, OpenFlag.NO_ATIME);
  static final Set<ResolveFlag> BENEATH =
      EnumSet.of(ResolveFlag.BENEATH, ResolveFlag.NO_SYMLINKS, ResolveFlag.NO_XDEV);
  static final Set<Errno> VANISHED =
      EnumSet.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EINVAL, Errno.ENXIO);

  /**
   * A file that is open.
   *
   * @param entry with what is known of it now
   * @param before what the other side has of it, in blocks of the same size; null for nothing
   */
  record Head(TreeEntry entry, Attributes attributes, @Nullable Blocks before) {
    long size() {
      return entry.stat().size();
    }
  }

  /** Takes a file. */
  interface Receiver {
    /** Where its content goes, or null if it is not wanted. */
    @Nullable ContentSink begin(Head head) throws IOException;
  }

  private final Syscalls sys;
  private final DirCursor cursor;
  private final Xattrs xattrs;
  private final FileReader reader;
  private final boolean still;

  /**
   * @param still whether nothing writes to the tree
   */
  FileOpener(Syscalls sys, DirCursor cursor, Xattrs xattrs, boolean still) {
    this.sys = sys;
    this.cursor = cursor;
    this.xattrs = xattrs;
    this.reader = new FileReader(sys);
    this.still = still;
  }

  /**
   * Reads a file.
   *
   * @param sent what was sent of it before; null for nothing
   * @return what was read; null if it is no longer what the scan saw, or was not wanted
   */
  @Nullable Blocks read(TreeEntry entry, @Nullable Blocks sent, Receiver receiver)
      throws PodkitException, IOException {
    try (Fd file = open(entry)) {
      if (file == null) {
        return null;
      }
      FileStat stat = stat(entry, file);
      if (!stat.isRegular() || stat.inode() != entry.stat().inode()) {
        vanished(still, entry, null);
        return null;
      }
      Blocks before = sent;
      if (before != null && before.blockSize() != Blocks.sizeFor(stat.size())) {
        before = null; // it became so much larger just now
      }
      TreeEntry current = entry.withStat(stat);
      ContentSink sink = receiver.begin(new Head(current, attributes(current, file), before));
      return sink == null
          ? null
          : reader.read(entry.path(), file, stat.size(), stat.blocks() * 512, before, sink);
    }
  }

  private @Nullable Fd open(TreeEntry entry) throws PodkitException {
    try {
      return sys.openat2(cursor.at(entry.path()), READ, 0, BENEATH);
    } catch (ErrnoException e) {
      vanished(still, entry, e);
      return null;
    }
  }

  private FileStat stat(TreeEntry entry, Fd file) throws PodkitException {
    try {
      return sys.fstat(file);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot read " + RawPath.shown(entry.path()), e);
    }
  }

  private Attributes attributes(TreeEntry entry, Fd file) throws PodkitException {
    try {
      return Attributes.of(entry.stat(), xattrs.read(file));
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot read " + RawPath.shown(entry.path()), e);
    }
  }

  /**
   * Passes over an entry that is no longer what the scan saw. What the other side may have under
   * that path from an earlier pass stays in the account, so that a later pass mends it.
   */
  static void vanished(boolean still, TreeEntry entry, @Nullable ErrnoException cause)
      throws PodkitException {
    String what = "cannot read " + RawPath.shown(entry.path());
    if (cause != null && !VANISHED.contains(cause.errno())) {
      throw PodkitException.io(what, cause);
    }
    if (still) {
      throw PodkitException.internal(what + ": it changed although nothing should run", cause);
    }
  }
}
