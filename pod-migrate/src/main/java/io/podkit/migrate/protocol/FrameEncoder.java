package io.podkit.migrate.protocol;

import io.podkit.error.PodkitException;
import java.nio.ByteBuffer;

/** Writes frames. Stateless. */
public final class FrameEncoder {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private FrameEncoder() {}

  /**
   * The bytes of a frame as two buffers that go out one after the other, so that bulk content is
   * not copied: the second is a view of the message's own.
   *
   * @throws PodkitException REFUSED if the message is longer than its type allows, as with a pod of
   *     a thousand environment variables
   */
  public static ByteBuffer[] encode(Frame frame) throws PodkitException {
    Message message = frame.message();
    MessageType type = message.type();
    return switch (type.format()) {
      case EMPTY -> new ByteBuffer[] {header(type, frame.id(), 0, 0).flip(), NOTHING.duplicate()};
      case JSON -> {
        byte[] json = JsonCodec.write(message);
        ByteBuffer head = header(type, frame.id(), 0, json.length).flip();
        yield new ByteBuffer[] {head, ByteBuffer.wrap(json)};
      }
      case BINARY -> binary(type, frame.id(), message);
    };
  }

  private static ByteBuffer[] binary(MessageType type, int id, Message message)
      throws PodkitException {
    if (message instanceof Bulk.MemoryPages pages) {
      ByteBuffer content = pages.content().duplicate();
      ByteBuffer head = header(type, id, BinaryCodec.PAGES_HEAD_BYTES, content.remaining());
      BinaryCodec.writeHead(pages, head);
      return new ByteBuffer[] {head.flip(), content};
    }
    if (message instanceof Bulk.PageBatch batch) {
      ByteBuffer content = batch.content().duplicate();
      int headBytes = BinaryCodec.BATCH_HEAD_BYTES + batch.table().remaining();
      ByteBuffer head = header(type, id, headBytes, content.remaining());
      BinaryCodec.writeHead(batch, head);
      return new ByteBuffer[] {head.flip(), content};
    }
    if (message instanceof Bulk.PagesWanted wanted) {
      ByteBuffer head = header(type, id, BinaryCodec.WANTED_BYTES, 0);
      BinaryCodec.writeHead(wanted, head);
      return new ByteBuffer[] {head.flip(), NOTHING.duplicate()};
    }
    ByteBuffer content =
        message instanceof Control.LinkProbe probe
            ? probe.content().duplicate()
            : ((Bulk.Data) message).content().duplicate();
    ByteBuffer head = header(type, id, BinaryCodec.DATA_HEAD_BYTES, content.remaining());
    BinaryCodec.writeHead(content, head);
    return new ByteBuffer[] {head.flip(), content};
  }

  private static ByteBuffer header(MessageType type, int id, int headBytes, int contentBytes)
      throws PodkitException {
    int length = headBytes + contentBytes;
    if (length > type.maxBytes()) {
      throw PodkitException.refused(
          "a "
              + type
              + " message of "
              + length
              + " bytes is too long to be sent; "
              + type.maxBytes()
              + " are allowed");
    }
    ByteBuffer out = ByteBuffer.allocate(FrameHeader.BYTES + headBytes);
    new FrameHeader(length, type, id).write(out);
    return out;
  }
}
