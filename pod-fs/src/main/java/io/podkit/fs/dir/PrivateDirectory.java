package io.podkit.fs.dir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Directories that only root enters. Pods' files and layers hold set-user-id programs of whoever
 * made the image; no other user of the host may reach them.
 */
public final class PrivateDirectory {

  private PrivateDirectory() {}

  /** Makes the directory and those above it that are missing, each with mode 0700. */
  public static void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }
}
