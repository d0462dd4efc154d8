package io.podkit.criu.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * The reading side of the stream: small things through a buffer, large ones straight from the
 * socket into the reader's own memory.
 */
final class StreamInput {

  private static final int BUFFER = 64 * 1024;

  private final ReadableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);

  StreamInput(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes so many bytes available in the buffer.
   *
   * @return the buffer, positioned at the first of them
   * @throws EOFException if the stream ends before
   */
  ByteBuffer require(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      buffer.compact();
      try {
        while (buffer.position() < bytes) {
          if (channel.read(buffer) < 0) {
            throw new EOFException("the dump went away before all pages were sent");
          }
        }
      } finally {
        buffer.flip();
      }
    }
    return buffer;
  }

  /** The next bytes of the stream, and no others, as a channel. */
  Contents contents(long bytes) {
    return new Contents(bytes);
  }

  private int readSome(ByteBuffer into) throws IOException {
    if (!buffer.hasRemaining()) {
      if (into.remaining() >= BUFFER) {
        return channel.read(into);
      }
      buffer.clear();
      int n = channel.read(buffer);
      buffer.flip();
      if (n < 0) {
        return n;
      }
    }
    int n = Math.min(buffer.remaining(), into.remaining());
    into.put(into.position(), buffer, buffer.position(), n);
    into.position(into.position() + n);
    buffer.position(buffer.position() + n);
    return n;
  }

  /** A bounded part of the stream. */
  final class Contents implements ReadableByteChannel {
    private long left;

    private Contents(long bytes) {
      this.left = bytes;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (left == 0) {
        return -1;
      }
      int limit = into.limit();
      into.limit((int) Math.min(limit, into.position() + left));
      try {
        int n = readSome(into);
        if (n < 0) {
          throw new EOFException("the dump went away in the middle of a page");
        }
        left -= n;
        return n;
      } finally {
        into.limit(limit);
      }
    }

    /** Reads to the end, so that the next header is found. */
    void skipRest() throws IOException {
      ByteBuffer waste = ByteBuffer.allocate(BUFFER);
      while (read(waste.clear()) >= 0) {
        // nobody wants it
      }
    }

    @Override
    public boolean isOpen() {
      return left > 0;
    }

    @Override
    public void close() {
      // The stream goes on after it.
    }
  }
}
