package io.podkit.migrate.protocol;

import io.podkit.migrate.protocol.ProtocolException.Violation;
import java.nio.ByteBuffer;

/**
 * The fixed head of every frame: u32 length of what follows it, u16 type, u16 flags (zero), u32 id;
 * all big-endian.
 *
 * @param length bytes of payload after this header, within the cap of the type
 * @param type what the payload is
 * @param id see {@link Frame}
 */
record FrameHeader(int length, MessageType type, int id) {

  static final int BYTES = 12;

  /**
   * Reads and checks a header; nothing is allocated for a payload before this has returned.
   *
   * @param in at least {@link #BYTES} bytes
   */
  static FrameHeader parse(ByteBuffer in) throws ProtocolException {
    long length = Integer.toUnsignedLong(in.getInt());
    int code = Short.toUnsignedInt(in.getShort());
    int flags = Short.toUnsignedInt(in.getShort());
    int id = in.getInt();
    MessageType type = MessageType.byCode(code);
    if (type == null) {
      throw ProtocolException.of(
          Violation.TYPE, "the peer sent a frame of unknown type 0x" + Integer.toHexString(code));
    }
    if (flags != 0) {
      throw ProtocolException.of(
          Violation.RESERVED,
          "the peer sent a " + type + " frame with unknown flags 0x" + Integer.toHexString(flags));
    }
    if (length > type.maxBytes()) {
      throw ProtocolException.of(
          Violation.LENGTH,
          "the peer sent a "
              + type
              + " frame of "
              + length
              + " bytes; at most "
              + type.maxBytes()
              + " are allowed");
    }
    return new FrameHeader((int) length, type, id);
  }

  void write(ByteBuffer out) {
    out.putInt(length).putShort((short) type.code()).putShort((short) 0).putInt(id);
  }
}
