package io.podkit.migrate.protocol;

import io.podkit.migrate.protocol.ProtocolException.Violation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a connection into frames, in whatever pieces they come.
 *
 * <pre>{@code
 * Frame frame;
 * while ((frame = decoder.advance()) == null) {
 *   if (read(decoder.wanted()) < 0) throw decoder.truncated();
 * }
 * }</pre>
 *
 * <p>Total: any bytes give frames or a {@link ProtocolException}, after which it must not be used
 * again. A payload is allocated only after its length was checked, at most once for the largest
 * frame so far. Not thread-safe.
 */
public final class FrameDecoder {

  private static final int SMALLEST_PAYLOAD_BUFFER = 64 << 10;

  private final ByteBuffer header = ByteBuffer.allocate(FrameHeader.BYTES);
  private ByteBuffer payload = ByteBuffer.allocate(0);
  private @Nullable FrameHeader current;

  /**
   * Where the next bytes belong; has room for at least one, and for no byte of a later frame. To be
   * asked for after {@link #advance} has returned null.
   */
  public ByteBuffer wanted() {
    return current == null ? header : payload;
  }

  /**
   * Takes notice of what was put into {@link #wanted()}.
   *
   * @return a frame if it is complete, else null: more bytes are wanted. Bulk content in the frame
   *     is a view of this decoder's buffer and holds until the next call
   */
  public @Nullable Frame advance() throws ProtocolException {
    FrameHeader head = current;
    if (head == null) {
      if (header.hasRemaining()) {
        return null;
      }
      head = FrameHeader.parse(header.flip());
      header.clear();
      current = head;
      expect(head.length());
    }
    if (payload.hasRemaining()) {
      return null;
    }
    current = null;
    return new Frame(head.id(), decode(head.type(), payload.flip()));
  }

  /** Whether the bytes so far end where a frame ends. */
  public boolean atBoundary() {
    return current == null && header.position() == 0;
  }

  /**
   * The exception for a stream that ends in the middle of a frame.
   *
   * @return says how much is missing
   */
  public ProtocolException truncated() {
    FrameHeader head = current;
    String what =
        head == null
            ? "header of a frame"
            : head.type() + " frame, " + payload.remaining() + " bytes early";
    return ProtocolException.of(Violation.TRUNCATED, "the stream ended within the " + what);
  }

  private void expect(int length) {
    if (payload.capacity() < length) {
      int size = Math.max(length, SMALLEST_PAYLOAD_BUFFER);
      // Native memory, where TLS decrypts to and the kernel takes it from without a copy.
      payload = ByteBuffer.allocateDirect(size);
    }
    payload.clear().limit(length);
  }

  private static Message decode(MessageType type, ByteBuffer payload) throws ProtocolException {
    try {
      return switch (type.format()) {
        case EMPTY -> new Session.Ping();
        case JSON -> JsonCodec.read(type, payload);
        case BINARY -> BinaryCodec.read(type, payload);
      };
    } catch (IllegalArgumentException e) {
      // A record's constructor refused a value.
      throw new ProtocolException(
          Violation.CONTENT,
          "the peer sent an impossible " + type + " message: " + e.getMessage(),
          null,
          e);
    }
  }
}
