package io.podkit.resource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Small files that a crash leaves old or new, never torn, and that are on the disk when the method
 * returns: written beside, flushed, renamed, and the directory flushed.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/fsync.2.html">fsync(2)</a>
 */
public final class DurableFile {

  private DurableFile() {}

  /** Creates or replaces {@code file}, and its directory if need be. */
  public static void write(Path file, byte[] content) throws IOException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "parent of " + file);
    Files.createDirectories(directory);
    Path temporary = directory.resolve(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(directory);
  }

  /** Removes {@code file} if it exists; a crash afterwards does not bring it back. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      syncDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent(), "parent of " + file));
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
