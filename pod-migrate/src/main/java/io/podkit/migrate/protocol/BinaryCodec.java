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

  /** u32 checksum, u64 memory, u32 codec, u32 bytes unpacked, u32 length of the table. */
  static final int BATCH_HEAD_BYTES = 24;

  /** u32 checksum, u64 memory, u64 address, u32 pages. */
  static final int WANTED_BYTES = 24;

  private static final int CRC_BYTES = 4;

  private BinaryCodec() {}

  /** Writes the head of a payload that is nothing but content, which follows on the wire. */
  static void writeHead(ByteBuffer content, ByteBuffer out) {
    CRC32C crc = new CRC32C();
    crc.update(content.duplicate());
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

  /** Writes that message's payload. */
  static void writeHead(Bulk.PagesWanted wanted, ByteBuffer out) {
    int at = out.position();
    out.putInt(0).putLong(wanted.memory()).putLong(wanted.address()).putInt(wanted.pages());
    CRC32C crc = new CRC32C();
    crc.update(out.duplicate().limit(out.position()).position(at + CRC_BYTES));
    out.putInt(at, (int) crc.getValue());
  }

  /** Writes the head of that message's payload and its table; its content follows on the wire. */
  static void writeHead(Bulk.PageBatch batch, ByteBuffer out) {
    int at = out.position();
    out.putInt(0)
        .putLong(batch.memory())
        .putInt(batch.codec())
        .putInt(batch.rawBytes())
        .putInt(batch.table().remaining())
        .put(batch.table().duplicate());
    CRC32C crc = new CRC32C();
    crc.update(out.duplicate().limit(out.position()).position(at + CRC_BYTES));
    crc.update(batch.content().duplicate());
    out.putInt(at, (int) crc.getValue());
  }

  /**
   * Reads a payload of that type.
   *
   * @param payload exactly the payload; the message's content is a view of it
   */
  static Message read(MessageType type, ByteBuffer payload) throws ProtocolException {
    int head = headBytes(type);
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
    return switch (type) {
      case DATA -> new Bulk.Data(payload.slice());
      case LINK_PROBE -> new Control.LinkProbe(payload.slice());
      case PAGE_BATCH -> readBatch(payload);
      case PAGES_WANTED ->
          new Bulk.PagesWanted(payload.getLong(), payload.getLong(), payload.getInt());
      default ->
          new Bulk.MemoryPages(
              payload.getLong(),
              payload.getLong(),
              payload.getInt(),
              payload.getInt(),
              payload.slice());
    };
  }

  private static int headBytes(MessageType type) {
    return switch (type) {
      case DATA, LINK_PROBE -> DATA_HEAD_BYTES;
      case PAGE_BATCH -> BATCH_HEAD_BYTES;
      case PAGES_WANTED -> WANTED_BYTES;
      default -> PAGES_HEAD_BYTES;
    };
  }

  private static Bulk.PageBatch readBatch(ByteBuffer payload) {
    long memory = payload.getLong();
    int codec = payload.getInt();
    int rawBytes = payload.getInt();
    int tableBytes = payload.getInt();
    if (tableBytes < 0 || tableBytes > payload.remaining()) {
      throw new IllegalArgumentException("a table of " + tableBytes + " bytes");
    }
    ByteBuffer table = payload.slice(payload.position(), tableBytes);
    payload.position(payload.position() + tableBytes);
    return new Bulk.PageBatch(memory, codec, rawBytes, table, payload.slice());
  }
}
