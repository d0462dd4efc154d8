package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.Syscalls;
import java.nio.ByteBuffer;

/** An open file that takes its content. Does not own the descriptor. Not thread-safe. */
final class WrittenFile implements RecordHandler.SegmentSink {

  private static final int ZEROS = 64 * 1024;

  /** More than a block of any filesystem. */
  private static final int BEYOND = 1 << 20;

  private final Syscalls sys;
  private final String path;
  private final Fd file;
  private long end;
  private long size = -1;

  WrittenFile(Syscalls sys, String path, Fd file) {
    this.sys = sys;
    this.path = path;
    this.file = file;
  }

  @Override
  public void segment(long offset, ByteBuffer data) throws PodkitException {
    try {
      long at = offset;
      while (data.hasRemaining()) {
        at += sys.pwrite(file, data, at);
      }
      end = Math.max(end, at);
    } catch (ErrnoException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public void hole(long offset, long length) throws PodkitException {
    try {
      // Only whole blocks become holes, and the last one may end behind the file.
      boolean last = offset + length == size;
      sys.punchHole(file, offset, last ? length + BEYOND : length);
    } catch (ErrnoException e) {
      if (!e.is(Errno.EOPNOTSUPP)) {
        throw cannotWrite(e);
      }
      zero(offset, length); // the same to read, only not as small
    }
  }

  private void zero(long offset, long length) throws PodkitException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
    for (long at = 0; at < length; at += ZEROS) {
      segment(offset + at, zeros.clear().limit((int) Math.min(ZEROS, length - at)));
    }
  }

  /** Gives a new file its size: what was not written to at its end is a hole. */
  void extendTo(long newSize) throws PodkitException {
    if (end < newSize) {
      cutTo(newSize);
    }
  }

  /** Sets the size of a file that is there. */
  void cutTo(long newSize) throws PodkitException {
    try {
      sys.ftruncate(file, newSize);
      size = newSize;
    } catch (ErrnoException e) {
      throw cannotWrite(e);
    }
  }

  private PodkitException cannotWrite(ErrnoException e) {
    return PodkitException.io("cannot write " + RawPath.shown(path), e);
  }
}
