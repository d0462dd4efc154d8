package io.podkit.criu.image;

import com.google.protobuf.MessageLite;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A small image file of CRIU as a whole: two magic numbers and records, each a length and a message
 * (<a href="https://criu.org/Images">criu.org/Images</a>).
 */
final class ImageRecords {

  /** What most images begin with. */
  static final int COMMON = 0x54564319;

  /** What images begin with that no restore needs. */
  static final int SERVICE = 0x55105940;

  private ImageRecords() {}

  /**
   * The records of a file, in their order.
   *
   * @param magic what the image has to be
   * @throws java.nio.file.NoSuchFileException if there is none: CRIU omits empty images
   * @throws ImageFormatException if it is damaged or another image
   */
  static List<ByteBuffer> read(Path file, int magic) throws IOException {
    ByteBuffer image = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (image.remaining() < 2 * Integer.BYTES
        || image.getInt() != COMMON
        || image.getInt() != magic) {
      throw new ImageFormatException(file.getFileName() + " is not the image it should be");
    }
    List<ByteBuffer> records = new ArrayList<>();
    while (image.hasRemaining()) {
      int size = image.remaining() < Integer.BYTES ? -1 : image.getInt();
      if (size < 0 || size > image.remaining()) {
        throw new ImageFormatException(file.getFileName() + " is cut off");
      }
      records.add(image.slice(image.position(), size));
      image.position(image.position() + size);
    }
    return records;
  }

  /** Writes a file, or replaces it. */
  static void write(Path file, int kind, int magic, Collection<? extends MessageLite> records)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(littleEndian(kind));
      out.write(littleEndian(magic));
      for (MessageLite record : records) {
        out.write(littleEndian(record.getSerializedSize()));
        record.writeTo(out);
      }
    }
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
