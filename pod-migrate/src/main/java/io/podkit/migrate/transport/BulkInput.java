package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The content of one transfer, as a stream that ends where the transfer ends. Not thread-safe.
 * Exceptions of the connection come out as {@link ChannelIoException}.
 */
public final class BulkInput extends InputStream {

  private static final int TRANSFER_BYTES = 64 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final DataChannel channel;
  private final int id;
  private final Duration patience;
  private ByteBuffer current = NOTHING;
  private @Nullable Frame end;

  BulkInput(DataChannel channel, int id, Duration patience) {
    this.channel = channel;
    this.id = id;
    this.patience = patience;
  }

  /**
   * The next piece as it came, without a copy.
   *
   * @return holds until the next call of any method; null at the end
   */
  public @Nullable ByteBuffer nextChunk() throws IOException {
    if (!more()) {
      return null;
    }
    ByteBuffer chunk = current;
    current = NOTHING;
    return chunk;
  }

  @Override
  public int read() throws IOException {
    return more() ? Byte.toUnsignedInt(current.get()) : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (!more()) {
      return -1;
    }
    int count = Math.min(length, current.remaining());
    current.get(bytes, offset, count);
    return count;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    long count = 0;
    ByteBuffer piece;
    byte[] bytes = new byte[TRANSFER_BYTES];
    while ((piece = nextChunk()) != null) {
      count += piece.remaining();
      while (piece.hasRemaining()) {
        int length = Math.min(bytes.length, piece.remaining());
        piece.get(bytes, 0, length);
        out.write(bytes, 0, length);
      }
    }
    return count;
  }

  @Override
  public int available() {
    return current.remaining();
  }

  /**
   * The frame that ended the transfer, to be answered. To be called when the content has been read.
   *
   * @throws PodkitException if there is more content than the reader wanted, or something else than
   *     that end comes
   */
  public Frame end(Class<? extends Bulk.End> type) throws PodkitException {
    try {
      if (more()) {
        throw channel.unexpected(new Frame(id, new Bulk.Data(current)));
      }
    } catch (IOException e) {
      throw ChannelIoException.unwrap("receiving", e);
    }
    Frame last = Objects.requireNonNull(end);
    if (!type.isInstance(last.message())) {
      throw channel.unexpected(last);
    }
    return last;
  }

  private boolean more() throws IOException {
    if (current.hasRemaining()) {
      return true;
    }
    if (end != null) {
      return false;
    }
    try {
      Frame frame = channel.receive(patience);
      if (frame.id() == id && frame.message() instanceof Bulk.Data data) {
        current = data.content();
        return true;
      }
      if (frame.id() == id && frame.message() instanceof Bulk.End) {
        end = frame;
        return false;
      }
      throw channel.unexpected(frame);
    } catch (PodkitException e) {
      throw new ChannelIoException(e);
    }
  }
}
