package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Limits;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The content of one transfer, as a stream. Not thread-safe. Exceptions of the connection come out
 * as {@link ChannelIoException}.
 *
 * <p>It ends with {@code finish}; closing it before that gives up the channel, because the peer
 * could not tell half a transfer from a whole one.
 */
public final class BulkOutput extends OutputStream {

  private final DataChannel channel;
  private final int id;
  private final ByteBuffer buffer;
  private boolean finished;

  /**
   * The content of the transfer {@code id}.
   *
   * @param buffer gathers a chunk; lent until the transfer ends
   */
  BulkOutput(DataChannel channel, int id, ByteBuffer buffer) {
    this.channel = channel;
    this.id = id;
    this.buffer = buffer.clear();
  }

  @Override
  public void write(int b) throws IOException {
    if (!buffer.hasRemaining()) {
      sendBuffer();
    }
    buffer.put((byte) b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    write(ByteBuffer.wrap(bytes, offset, length));
  }

  /** Writes all of it; large direct or heap buffers go out without a copy. */
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (buffer.position() == 0 && bytes.remaining() >= Limits.MAX_CHUNK_BYTES) {
        send(bytes.slice().limit(Limits.MAX_CHUNK_BYTES));
        bytes.position(bytes.position() + Limits.MAX_CHUNK_BYTES);
        continue;
      }
      int count = Math.min(buffer.remaining(), bytes.remaining());
      buffer.put(bytes.slice().limit(count));
      bytes.position(bytes.position() + count);
      if (!buffer.hasRemaining()) {
        sendBuffer();
      }
    }
  }

  /** Sends what has gathered; the peer need not have it when this returns. */
  @Override
  public void flush() throws IOException {
    sendBuffer();
    try {
      channel.flush();
    } catch (PodkitException e) {
      throw new ChannelIoException(e);
    }
  }

  private void sendBuffer() throws IOException {
    if (buffer.position() > 0) {
      send(buffer.flip());
      buffer.clear();
    }
  }

  private void send(ByteBuffer content) throws IOException {
    if (finished) {
      throw new IOException("the transfer has ended");
    }
    try {
      channel.send(id, new Bulk.Data(content));
    } catch (PodkitException e) {
      throw new ChannelIoException(e);
    }
  }

  /** Ends a transfer that is not answered. */
  public void finish(Bulk.End end) throws PodkitException {
    sendLast();
    channel.send(id, end);
  }

  /**
   * Ends a transfer and waits for the answer.
   *
   * @throws PodkitException as {@link DataChannel#ask}
   */
  public <A extends Message, E extends Bulk.End & Request<A>> A finish(E end, Duration timeout)
      throws PodkitException {
    sendLast();
    return channel.ask(id, end, timeout);
  }

  private void sendLast() throws PodkitException {
    try {
      sendBuffer();
      finished = true;
    } catch (IOException e) {
      throw ChannelIoException.unwrap("sending", e);
    }
  }

  @Override
  public void close() {
    if (!finished) {
      finished = true;
      channel.abort();
    }
  }
}
