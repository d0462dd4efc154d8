package io.podkit.criu.image;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.RemapFilePathEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Whether a dump has given files new names: an open file that lost its name but not its last link
 * is linked by CRIU, beside its old place, as {@code link_remap.N}, in the pod's own tree.
 */
public final class LinkRemaps {

  private static final String NAME = "remap-fpath.img";
  private static final int MAGIC = 0x59133954;
  private static final int LINKED = 0;

  private LinkRemaps() {}

  /**
   * Reads the images of a finished dump.
   *
   * @throws ImageFormatException if CRIU wrote something we do not know
   */
  public static boolean existIn(Path images) throws IOException {
    try {
      for (ByteBuffer record : ImageRecords.read(images.resolve(NAME), MAGIC)) {
        RemapFilePathEntry entry = RemapFilePathEntry.parseFrom(record);
        if (entry.hasRemapType() && entry.getRemapType() == LINKED) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (InvalidProtocolBufferException e) {
      throw new ImageFormatException("a record of " + NAME + ": " + e.getMessage());
    }
  }
}
