package io.podkit.fs.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the blocks of one file that changed from those that did not, chunk by chunk, and hands on
 * the former; neighbours go together. Not thread-safe.
 */
final class BlockSender {

  private record Range(long from, long to) {}

  private final Blocks.Builder blocks;
  private final @Nullable Blocks before;
  private final ByteBuffer chunk;
  private final ContentSink sink;
  private final List<Range> data = new ArrayList<>();
  private long start;
  private long end;
  private long dataFrom;
  private long dataTo;
  private long holeFrom;
  private long holeTo;

  /**
   * A sender for one file.
   *
   * @param before what the other side has; null for nothing
   * @param chunk holds the data between {@link #begin} and {@link #end}
   */
  BlockSender(Blocks.Builder blocks, @Nullable Blocks before, ByteBuffer chunk, ContentSink sink) {
    this.blocks = blocks;
    this.before = before;
    this.chunk = chunk;
    this.sink = sink;
  }

  /** Begins a chunk, whose first byte is the buffer's. */
  void begin(long chunkStart, long chunkEnd) {
    start = chunkStart;
    end = chunkEnd;
    data.clear();
  }

  /** There is data from here to there; what is not named is a hole. */
  void data(long from, long to) {
    data.add(new Range(from, to));
  }

  /** Ends a chunk: its changed blocks are handed on. */
  void end() throws IOException {
    int size = blocks.blockSize();
    for (long from = start; from < end; from += size) {
      block((int) (from / size), from, Math.min(end, from + size));
    }
    flushData(); // the buffer is about to be filled again
  }

  private void block(int number, long from, long to) throws IOException {
    List<Range> pieces = pieces(from, to);
    if (pieces.isEmpty()) {
      blocks.hole(number);
      if (before != null && !before.isHole(number)) {
        hole(from, to);
      }
      return;
    }
    long sum = sum(number, from, to, pieces);
    if (before != null && before.holds(number, sum)) {
      return;
    }
    boolean whole = pieces.get(0).equals(new Range(from, to));
    if (before != null && !whole && !before.isHole(number)) {
      hole(from, to);
    }
    for (Range piece : pieces) {
      send(piece);
    }
  }

  private List<Range> pieces(long from, long to) {
    if (data.size() == 1 && data.get(0).from() <= from && data.get(0).to() >= to) {
      return List.of(new Range(from, to)); // as nearly always
    }
    List<Range> pieces = new ArrayList<>();
    for (Range range : data) {
      if (range.from() < to && range.to() > from) {
        pieces.add(new Range(Math.max(from, range.from()), Math.min(to, range.to())));
      }
    }
    return pieces;
  }

  private long sum(int number, long from, long to, List<Range> pieces) {
    long place = to - from;
    blocks.begin();
    for (Range piece : pieces) {
      blocks.add(bytes(piece.from(), piece.to()));
      place = 31 * (31 * place + piece.from() - from) + piece.to() - from;
    }
    return blocks.end(number, place);
  }

  private void send(Range piece) throws IOException {
    if (dataTo != piece.from() || dataFrom == dataTo) {
      flushData();
      dataFrom = piece.from();
    }
    dataTo = piece.to();
  }

  private void hole(long from, long to) throws IOException {
    if (holeTo != from || holeFrom == holeTo) {
      flushHole();
      holeFrom = from;
    }
    holeTo = to;
  }

  private void flushData() throws IOException {
    flushHole(); // of which this may be a part
    if (dataFrom < dataTo) {
      sink.data(dataFrom, bytes(dataFrom, dataTo));
    }
    dataFrom = dataTo;
  }

  private void flushHole() throws IOException {
    if (holeFrom < holeTo) {
      sink.hole(holeFrom, holeTo - holeFrom);
    }
    holeFrom = holeTo;
  }

  private ByteBuffer bytes(long from, long to) {
    return chunk.limit((int) (to - start)).position((int) (from - start));
  }
}
