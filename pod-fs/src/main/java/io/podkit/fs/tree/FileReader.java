package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Reads a file's data and skips its holes. Processes may be writing to the file: what is read is
 * then some mixture, which a later pass sends again. Not thread-safe: one buffer.
 */
final class FileReader {

  /** Takes a piece of data. */
  @FunctionalInterface
  interface Sink {
    void data(long offset, ByteBuffer data) throws IOException;
  }

  private record Range(long from, long to) {}

  private final Syscalls sys;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(StreamFormat.MAX_SEGMENT);

  FileReader(Syscalls sys) {
    this.sys = sys;
  }

  /**
   * Reads the first {@code size} bytes.
   *
   * @param allocated bytes the file takes on disk; with as many as its size it has no hole
   * @return the checksum of what was read
   * @throws PodkitException IO if reading failed
   * @throws IOException as the sink threw it
   */
  long read(String path, Fd file, long size, long allocated, Sink sink)
      throws PodkitException, IOException {
    ContentChecksum checksum = new ContentChecksum();
    boolean whole = allocated >= size;
    long position = 0;
    while (position < size) {
      Range range = whole ? new Range(0, size) : nextData(path, file, position, size);
      long end = copy(path, file, range, checksum, sink);
      if (end < range.to()) {
        break; // it was cut off meanwhile
      }
      position = end;
    }
    return checksum.value(size);
  }

  /** The next stretch of data; an empty one at the end if only a hole follows. */
  private Range nextData(String path, Fd file, long position, long size) throws PodkitException {
    try {
      OptionalLong from = sys.seekData(file, position);
      if (from.isEmpty() || from.getAsLong() >= size) {
        return new Range(size, size);
      }
      return new Range(from.getAsLong(), Math.min(size, sys.seekHole(file, from.getAsLong())));
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot read " + RawPath.shown(path), e);
    }
  }

  private long copy(String path, Fd file, Range range, ContentChecksum checksum, Sink sink)
      throws PodkitException, IOException {
    long offset = range.from();
    while (offset < range.to()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), range.to() - offset));
      int got = pread(path, file, offset);
      if (got < 0) {
        return offset;
      }
      buffer.flip();
      checksum.add(offset, buffer);
      sink.data(offset, buffer);
      offset += got;
    }
    return range.to();
  }

  private int pread(String path, Fd file, long offset) throws PodkitException {
    try {
      return sys.pread(file, buffer, offset);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot read " + RawPath.shown(path), e);
    }
  }
}
