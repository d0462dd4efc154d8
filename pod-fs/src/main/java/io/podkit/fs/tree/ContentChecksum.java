package io.podkit.fs.tree;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A 64-bit checksum of a file's data and where it lies: two CRCs of different polynomials, both of
 * which the JVM computes with the processor's own instructions. It tells an accident, not an
 * attack: a pod could only deceive itself.
 */
final class ContentChecksum {

  private final CRC32 first = new CRC32();
  private final CRC32C second = new CRC32C();
  private final ByteBuffer position = ByteBuffer.allocate(Long.BYTES);

  /** Adds data that lies at that offset; the buffer's position is left as it is. */
  void add(long offset, ByteBuffer data) {
    position.putLong(0, offset);
    first.update(position.array());
    second.update(position.array());
    first.update(data.duplicate());
    second.update(data.duplicate());
  }

  /** The checksum of all that was added and of the file's size. */
  long value(long size) {
    position.putLong(0, size);
    first.update(position.array());
    second.update(position.array());
    return first.getValue() << 32 | second.getValue();
  }
}
