package io.podkit.criu.image;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.FdinfoEntry;
import io.podkit.criu.proto.FileEntry;
import io.podkit.criu.proto.PipeEntry;
import io.podkit.criu.proto.RegFileEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes tasks come back with files where they had pipes to somebody who does not come along: the
 * monitor of a container, to which its output went. A pipe without a reader would end them at their
 * next line, and a descriptor given to the restore would lie outside of what they have mounted, so
 * that they could not be dumped again.
 */
public final class PipesToFiles {
  private static final String FILES = "files.img";
  private static final int FILES_MAGIC = 0x56303138;
  private static final int FDINFO_MAGIC = 0x56213732;
  private static final int REGULAR = 1;
  private static final int PIPE = 2;
  private static final int APPEND = 02000;
  private static final ByteString ROOT = ByteString.copyFromUtf8("/");

  private PipesToFiles() {}

  /**
   * Changes the images of a finished dump.
   *
   * @param paths by the pipe's inode: absolute, in the root of the tasks, where there has to be a
   *     file when they are restored
   * @return how many open ends of pipes became files
   * @throws ImageFormatException if CRIU wrote something we do not know
   */
  public static int replace(Path images, Map<Long, String> paths) throws IOException {
    if (paths.isEmpty()) {
      return 0;
    }
    List<FileEntry> entries = new ArrayList<>();
    try {
      for (ByteBuffer record : ImageRecords.read(images.resolve(FILES), FILES_MAGIC)) {
        entries.add(FileEntry.parseFrom(record));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new ImageFormatException("a record of " + FILES + ": " + e.getMessage());
    }
    int rootMount = rootMount(entries);
    Set<Integer> replaced = new HashSet<>();
    List<FileEntry> changed = new ArrayList<>();
    for (FileEntry entry : entries) {
      String path =
          entry.hasPipe() ? paths.get(Integer.toUnsignedLong(entry.getPipe().getPipeId())) : null;
      if (path != null) {
        replaced.add(entry.getId());
      }
      changed.add(path == null ? entry : file(entry, path, rootMount));
    }
    if (!replaced.isEmpty()) {
      ImageRecords.write(images.resolve(FILES), ImageRecords.COMMON, FILES_MAGIC, changed);
      replaceDescriptors(images, replaced);
    }
    return replaced.size();
  }

  /** Each task's root is among its files. */
  private static int rootMount(List<FileEntry> entries) throws IOException {
    for (FileEntry entry : entries) {
      if (entry.hasReg() && entry.getReg().getName().equals(ROOT) && entry.getReg().hasMntId()) {
        return entry.getReg().getMntId();
      }
    }
    throw new ImageFormatException("no task in " + FILES + " has a root directory");
  }

  private static FileEntry file(FileEntry entry, String path, int mount) {
    PipeEntry pipe = entry.getPipe();
    return entry.toBuilder()
        .setType(REGULAR)
        .clearPipe()
        .setReg(
            RegFileEntry.newBuilder()
                .setId(pipe.getId())
                .setFlags(pipe.getFlags() | APPEND)
                .setPos(0)
                .setFown(pipe.getFown())
                .setName(ByteString.copyFromUtf8(path))
                .setMntId(mount))
        .build();
  }

  private static void replaceDescriptors(Path images, Set<Integer> replaced) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(images, "fdinfo-*.img")) {
      for (Path file : files) {
        List<FdinfoEntry> entries = new ArrayList<>();
        for (ByteBuffer record : ImageRecords.read(file, FDINFO_MAGIC)) {
          FdinfoEntry entry = FdinfoEntry.parseFrom(record);
          boolean end = entry.getType() == PIPE && replaced.contains(entry.getId());
          entries.add(end ? entry.toBuilder().setType(REGULAR).build() : entry);
        }
        ImageRecords.write(file, ImageRecords.COMMON, FDINFO_MAGIC, entries);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new ImageFormatException("an image of descriptors: " + e.getMessage());
    }
  }
}
