package io.podkit.fs.rooted;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies files, directories and links as {@code cp -r} does, with modes and times, from one place
 * to another; neither side's links are followed. The copies belong to us, so set-user-id and
 * set-group-id bits are dropped: they would speak for another owner.
 */
final class PlainCopy {

  private static final Logger LOG = LoggerFactory.getLogger(PlainCopy.class);

  private static final int PERMISSIONS = 01777;
  private static final int BUFFER = 1 << 20;
  private static final Set<OpenFlag> READ =
      EnumSet.of(OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCKING);
  private static final Set<OpenFlag> CREATE =
      EnumSet.of(OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);

  private record Pair(String from, String to) {}

  private final Syscalls sys;
  private final DirCursor from;
  private final DirCursor to;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  PlainCopy(Syscalls sys, DirCursor from, DirCursor to) {
    this.sys = sys;
    this.from = from;
    this.to = to;
  }

  /** Copies one entry with all it holds. */
  void copy(String source, String target) throws PodkitException, ErrnoException {
    Deque<Pair> pending = new ArrayDeque<>();
    Deque<Pair> directories = new ArrayDeque<>();
    pending.push(new Pair(source, target));
    while (!pending.isEmpty()) {
      Pair pair = pending.pop();
      FileStat stat = sys.lstat(at(from, pair.from));
      switch (stat.type()) {
        case DIRECTORY -> {
          makeDirectory(pair.to);
          for (byte[] name : from.names(pair.from)) {
            String raw = RawPath.of(name);
            pending.push(new Pair(RawPath.child(pair.from, raw), RawPath.child(pair.to, raw)));
          }
          directories.push(pair);
        }
        case REGULAR -> copyFile(pair, stat);
        case SYMLINK -> copyLink(pair, stat);
        case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
            LOG.warn("{} is neither file, directory nor link: skipped", RawPath.shown(pair.from));
      }
    }
    for (Pair pair : directories) { // the innermost first: what is written in one moves its times
      finish(at(to, pair.to), sys.lstat(at(from, pair.from)));
    }
  }

  private void makeDirectory(String path) throws PodkitException, ErrnoException {
    PathAt at = at(to, path);
    if (!path.isEmpty() && !sys.mkdir(at, 0700) && !sys.lstat(at).isDirectory()) {
      throw inTheWay(path);
    }
  }

  private void copyFile(Pair pair, FileStat stat) throws PodkitException, ErrnoException {
    makeWay(pair.to);
    try (Fd in = sys.open(at(from, pair.from), READ, 0);
        Fd out = sys.open(at(to, pair.to), CREATE, 0600)) {
      FileStat opened = sys.fstat(in);
      if (!opened.isRegular()) {
        throw PodkitException.refused(RawPath.shown(pair.from) + " changed while it was copied");
      }
      copyData(in, out, opened.size());
      sys.ftruncate(out, opened.size());
    }
    finish(at(to, pair.to), stat);
  }

  private void copyData(Fd in, Fd out, long size) throws ErrnoException {
    OptionalLong data = sys.seekData(in, 0);
    while (data.isPresent() && data.getAsLong() < size) {
      long end = Math.min(size, sys.seekHole(in, data.getAsLong()));
      for (long offset = data.getAsLong(); offset < end; ) {
        buffer.clear().limit((int) Math.min(BUFFER, end - offset));
        if (sys.pread(in, buffer, offset) < 0) {
          return; // it was cut off meanwhile
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
          offset += sys.pwrite(out, buffer, offset);
        }
      }
      data = sys.seekData(in, end);
    }
  }

  private void copyLink(Pair pair, FileStat stat) throws PodkitException, ErrnoException {
    byte[] target = sys.readlink(at(from, pair.from));
    makeWay(pair.to);
    sys.symlink(target, at(to, pair.to));
    sys.utimensat(at(to, pair.to), stat.accessed(), stat.modified());
  }

  private void finish(PathAt at, FileStat stat) throws ErrnoException {
    sys.chmod(at, stat.permissions() & PERMISSIONS);
    sys.utimensat(at, stat.accessed(), stat.modified());
  }

  private void makeWay(String path) throws PodkitException, ErrnoException {
    FileStat there = lstat(at(to, path));
    if (there != null && there.isDirectory()) {
      throw inTheWay(path);
    }
    if (there != null) {
      sys.unlink(at(to, path));
    }
  }

  private static PathAt at(DirCursor cursor, String path) throws ErrnoException {
    return path.isEmpty() ? PathAt.in(cursor.enter(RawPath.ROOT), ".") : cursor.at(path);
  }

  private @Nullable FileStat lstat(PathAt at) throws ErrnoException {
    try {
      return sys.lstat(at);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return null;
      }
      throw e;
    }
  }

  private static PodkitException inTheWay(String path) {
    return PodkitException.conflict(
        "cannot copy: " + RawPath.shown(path) + " at the target is of another type");
  }
}
