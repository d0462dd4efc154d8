package io.podkit.criu.image;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.FdinfoEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The descriptors that tasks had, from {@code fdinfo-*.img}. */
public final class OpenFiles {
  private static final int MAGIC = 0x56213732;

  private OpenFiles() {}

  /** The highest number that any task uses; -1 if none has a descriptor. */
  public static long highest(Path images) throws IOException {
    long highest = -1;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(images, "fdinfo-*.img")) {
      for (Path file : files) {
        for (ByteBuffer record : ImageRecords.read(file, MAGIC)) {
          FdinfoEntry entry = FdinfoEntry.parseFrom(record);
          highest = Math.max(highest, Integer.toUnsignedLong(entry.getFd()));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new ImageFormatException("an image of descriptors: " + e.getMessage());
    }
    return highest;
  }
}
