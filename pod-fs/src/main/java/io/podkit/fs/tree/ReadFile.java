package io.podkit.fs.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A small file that was read ahead, kept until it is its turn. Not thread-safe. */
final class ReadFile implements ContentSink, FileOpener.Receiver {

  /** Data in the buffer, or a hole if {@code from} is negative. */
  private record Piece(long offset, int from, long length) {}

  private final ByteBuffer buffer;
  private final List<Piece> pieces = new ArrayList<>(1);
  private FileOpener.@Nullable Head head;
  private @Nullable Blocks blocks;
  private boolean grown;

  /**
   * Nothing yet.
   *
   * @param buffer this object's until the file is written
   */
  ReadFile(ByteBuffer buffer) {
    this.buffer = buffer.clear();
  }

  @Override
  public @Nullable ContentSink begin(FileOpener.Head found) {
    grown = found.size() > buffer.capacity();
    head = found;
    return grown ? null : this;
  }

  @Override
  public void data(long offset, ByteBuffer data) {
    pieces.add(new Piece(offset, buffer.position(), data.remaining()));
    buffer.put(data);
  }

  @Override
  public void hole(long offset, long length) {
    pieces.add(new Piece(offset, -1, length));
  }

  /** It is read: these are its blocks, or null if it has vanished. */
  ReadFile complete(@Nullable Blocks read) {
    blocks = read;
    return this;
  }

  /** Whether it has become too large to be kept, and has to be read when it is its turn. */
  boolean isTooLarge() {
    return grown;
  }

  /** Its blocks; null if it has vanished. */
  @Nullable Blocks blocks() {
    return blocks;
  }

  /** What was found when it was opened. */
  FileOpener.Head head() {
    return Objects.requireNonNull(head, "it was opened");
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /** Hands its content on. */
  void copyTo(ContentSink sink) throws IOException {
    for (Piece piece : pieces) {
      if (piece.from() < 0) {
        sink.hole(piece.offset(), piece.length());
      } else {
        sink.data(piece.offset(), buffer.slice(piece.from(), (int) piece.length()));
      }
    }
  }
}
