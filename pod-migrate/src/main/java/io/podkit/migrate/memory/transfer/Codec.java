package io.podkit.migrate.memory.transfer;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.podkit.error.PodkitException;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/** How the content of a batch may be packed. Thread-safe. */
public enum Codec {
  NONE(0, "none"),
  LZ4(1, "lz4"),
  ZSTD(2, "zstd");

  /** One is as good as three for pages, at twice the speed. */
  private static final int ZSTD_LEVEL = 1;

  private final int number;
  private final String label;

  Codec(int number, String label) {
    this.number = number;
    this.label = label;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** The name people see. */
  public String label() {
    return label;
  }

  static Codec of(int number) {
    return values()[number]; // the message has checked it
  }

  /** Room that packing may need. */
  static int bound(int bytes) {
    return Math.max(
        (int) Zstd.compressBound(bytes),
        LZ4Factory.fastestInstance().fastCompressor().maxCompressedLength(bytes));
  }

  /**
   * Packs what is between position and limit of a direct buffer.
   *
   * @param into a direct buffer with room for {@link #bound}, cleared by this
   * @return {@code into}, ready to be read
   */
  ByteBuffer pack(ByteBuffer from, ByteBuffer into) {
    ByteBuffer source = from.duplicate();
    into.clear();
    switch (this) {
      case NONE -> into.put(source);
      case LZ4 -> LZ4Factory.fastestInstance().fastCompressor().compress(source, into);
      case ZSTD -> Zstd.compress(into, source, ZSTD_LEVEL);
    }
    return into.flip();
  }

  /**
   * Unpacks content that came from a peer.
   *
   * @param from a direct buffer
   * @param into a direct buffer of exactly the length that it has to have
   * @throws PodkitException of kind PEER if it is not what was packed
   */
  void unpack(ByteBuffer from, ByteBuffer into) throws PodkitException {
    ByteBuffer raw = into.duplicate();
    try {
      switch (this) {
        case NONE -> throw new IllegalStateException("nothing to unpack");
        case LZ4 ->
            LZ4Factory.fastestInstance().safeDecompressor().decompress(from.duplicate(), raw);
        case ZSTD -> Zstd.decompress(raw, from.duplicate());
      }
    } catch (LZ4Exception | ZstdException e) {
      throw PodkitException.peer("the source sent packed pages that cannot be unpacked", e);
    }
    if (raw.hasRemaining()) {
      throw PodkitException.peer("the source sent packed pages of another length", null);
    }
  }
}
