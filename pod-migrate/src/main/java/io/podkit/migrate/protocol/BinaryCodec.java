package io.podkit.migrate.protocol;

import io.podkit.migrate.protocol.ProtocolException.Violation;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The payloads that are not JSON. Each begins with the CRC32C of everything after it: TLS protects
 * what is under way, this protects against what goes wrong in either host's own buffers.
 */
final class BinaryCodec {

  /** u32 checksum. */
  static final int DATA_HEAD_BYTES = 4;

  /** u32 checksum, u64 memory, u64 address, u32 pages, u32 flags. */
  static final int PAGES_HEAD_BYTES = 28;

  private static final int CRC_BYTES = 4;

  private BinaryCodec() {}

  /** Writes the head of that message's payload; its content follows on the wire. */
  static void writeHead(Bulk.Data data, ByteBuffer out) {
    CRC32C crc = new CRC32C();
    crc.update(data.content().duplicate());
    out.putInt((int) crc.getValue());
  }

  /** Writes the head of that message's payload; its content follows on the wire. */
  static void writeHead(Bulk.MemoryPages pages, ByteBuffer out) {
    int at = out.position();
    out.putInt(0)
        .putLong(pages.memory())
        .putLong(pages.address())
        .putInt(pages.pages())
        .putInt(pages.flags());
    CRC32C crc = new CRC32C();
    crc.update(out.duplicate().limit(out.position()).position(at + CRC_BYTES));
    crc.update(pages.content().duplicate());
    out.putInt(at, (int) crc.getValue());
  }

  /**
   * Reads a payload of that type.
   *
   * @param payload exactly the payload; the message's content is a view of it
   */
  static Message read(MessageType type, ByteBuffer payload) throws ProtocolException {
    int head = type == MessageType.DATA ? DATA_HEAD_BYTES : PAGES_HEAD_BYTES;
    if (payload.remaining() < head) {
      throw ProtocolException.of(
          Violation.LENGTH,
          "the peer sent a " + type + " frame of only " + payload.remaining() + " bytes");
    }
    int expected = payload.getInt();
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    if ((int) crc.getValue() != expected) {
      throw ProtocolException.of(
          Violation.CHECKSUM, "the peer sent a " + type + " frame whose checksum is wrong");
    }
    return type == MessageType.DATA
        ? new Bulk.Data(payload.slice())
        : new Bulk.MemoryPages(
            payload.getLong(),
            payload.getLong(),
            payload.getInt(),
            payload.getInt(),
            payload.slice());
  }
}
