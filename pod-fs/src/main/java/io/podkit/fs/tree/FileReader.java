package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file's data and skips its holes; where it is known what was sent before, hands on only
 * the blocks that are others now. Processes may be writing to the file: what is read is then some
 * mixture, which a later pass sends again. Not thread-safe: one buffer.
 */
final class FileReader {

  /** A multiple of every block's size. */
  private static final int CHUNK = StreamFormat.MAX_SEGMENT;

  private final Syscalls sys;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

  FileReader(Syscalls sys) {
    this.sys = sys;
  }

  /**
   * Reads the first {@code size} bytes.
   *
   * @param allocated bytes the file takes on disk; with as many as its size it has no hole
   * @param before what the other side has, in blocks of the same size; null for nothing
   * @return what was read, block by block
   * @throws PodkitException IO if reading failed
   * @throws IOException as the sink threw it
   */
  Blocks read(
      String path, Fd file, long size, long allocated, @Nullable Blocks before, ContentSink sink)
      throws PodkitException, IOException {
    Blocks.Builder blocks = new Blocks.Builder(size);
    BlockSender sender = new BlockSender(blocks, before, buffer, sink);
    DataRanges ranges = new DataRanges(path, file, size, allocated >= size);
    for (long start = 0; start < size; start += CHUNK) {
      long end = Math.min(size, start + CHUNK);
      if (!chunk(path, file, ranges, start, end, sender)) {
        break; // it was cut off meanwhile: the blocks from here on stay unknown
      }
    }
    return blocks.build();
  }

  private boolean chunk(
      String path, Fd file, DataRanges ranges, long start, long end, BlockSender sender)
      throws PodkitException, IOException {
    sender.begin(start, end);
    long at = start;
    while (at < end && ranges.seek(at) && ranges.from < end) {
      long from = Math.max(at, ranges.from);
      long to = Math.min(end, ranges.to);
      if (!fill(path, file, start, from, to)) {
        return false;
      }
      sender.data(from, to);
      at = to;
    }
    sender.end();
    return true;
  }

  /** Reads a range into its place in the chunk. */
  private boolean fill(String path, Fd file, long start, long from, long to)
      throws PodkitException {
    buffer.limit((int) (to - start)).position((int) (from - start));
    while (buffer.hasRemaining()) {
      try {
        if (sys.pread(file, buffer, start + buffer.position()) < 0) {
          return false;
        }
      } catch (ErrnoException e) {
        throw PodkitException.io("cannot read " + RawPath.shown(path), e);
      }
    }
    return true;
  }

  /** Where a file has data, asked from its beginning to its end. */
  private final class DataRanges {

    private final String path;
    private final Fd file;
    private final long size;
    private long from;
    private long to;

    DataRanges(String path, Fd file, long size, boolean whole) {
      this.path = path;
      this.file = file;
      this.size = size;
      this.to = whole ? size : 0;
    }

    /** Moves to the first range that ends behind {@code position}; false if there is none. */
    boolean seek(long position) throws PodkitException {
      if (position >= size) {
        return false;
      }
      while (to <= position && from < size) {
        next(position);
      }
      return from < size;
    }

    private void next(long position) throws PodkitException {
      try {
        OptionalLong data = sys.seekData(file, position);
        from = data.isEmpty() ? size : Math.min(size, data.getAsLong());
        to = from == size ? size : Math.min(size, sys.seekHole(file, from));
      } catch (ErrnoException e) {
        throw PodkitException.io("cannot read " + RawPath.shown(path), e);
      }
    }
  }
}
