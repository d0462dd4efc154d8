package io.podkit.migrate.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Feeds a decoder as a connection would. */
final class Decoding {

  private Decoding() {}

  /** All frames in those bytes, given in pieces of {@code piece} bytes, then the stream's end. */
  static List<Frame> decode(byte[] bytes, int piece) throws ProtocolException {
    FrameDecoder decoder = new FrameDecoder();
    List<Frame> frames = feed(decoder, ByteBuffer.wrap(bytes), piece);
    if (!decoder.atBoundary()) {
      throw decoder.truncated();
    }
    return frames;
  }

  static List<Frame> feed(FrameDecoder decoder, ByteBuffer in, int piece) throws ProtocolException {
    List<Frame> frames = new ArrayList<>();
    while (true) {
      Frame frame = decoder.advance();
      if (frame != null) {
        frames.add(copy(frame));
        continue;
      }
      if (!in.hasRemaining()) {
        return frames;
      }
      ByteBuffer wanted = decoder.wanted();
      if (!wanted.hasRemaining()) {
        throw new AssertionError("a decoder that returns no frame must want bytes");
      }
      if (wanted.capacity() > Limits.MAX_CHUNK_BYTES + BinaryCodec.PAGES_HEAD_BYTES) {
        throw new AssertionError("allocated " + wanted.capacity());
      }
      int count = Math.min(piece, Math.min(wanted.remaining(), in.remaining()));
      wanted.put(in.slice().limit(count));
      in.position(in.position() + count);
    }
  }

  /** The decoder's buffer holds only until the next frame. */
  private static Frame copy(Frame frame) {
    if (frame.message() instanceof Bulk.Data data) {
      return new Frame(frame.id(), new Bulk.Data(copy(data.content())));
    }
    if (frame.message() instanceof Control.LinkProbe probe) {
      return new Frame(frame.id(), new Control.LinkProbe(copy(probe.content())));
    }
    if (frame.message() instanceof Bulk.MemoryPages p) {
      return new Frame(
          frame.id(),
          new Bulk.MemoryPages(p.memory(), p.address(), p.pages(), p.flags(), copy(p.content())));
    }
    return frame;
  }

  private static ByteBuffer copy(ByteBuffer content) {
    return ByteBuffer.allocate(content.remaining()).put(content.duplicate()).flip();
  }
}
