package io.podkit.migrate.pki;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * A directory of keys and certificates, mode 0700.
 *
 * @param path where it lies; need not exist
 */
record PkiDirectory(Path path) {

  private static final Set<PosixFilePermission> PRIVATE_DIR =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> PRIVATE_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PUBLIC_FILE =
      PosixFilePermissions.fromString("rw-r--r--");

  Path caKey() {
    return path.resolve("ca.key");
  }

  Path caCertificate() {
    return path.resolve("ca.crt");
  }

  Path hostKey() {
    return path.resolve("host.key");
  }

  Path hostCertificate() {
    return path.resolve("host.crt");
  }

  /** Makes the directory if it is missing; one that is there is closed to others. */
  void create() throws PodkitException {
    try {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (!Files.isDirectory(path)) {
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE_DIR));
      }
      Files.setPosixFilePermissions(path, PRIVATE_DIR);
    } catch (IOException e) {
      throw PodkitException.io("cannot make " + path, e);
    }
  }

  /** Writes a key, never readable by others, not even for a moment. */
  void writeKey(Path file, byte[] pem) throws PodkitException {
    write(file, pem, PRIVATE_FILE);
  }

  /** Writes a certificate. */
  void writeCertificate(Path file, byte[] pem) throws PodkitException {
    write(file, pem, PUBLIC_FILE);
  }

  private void write(Path file, byte[] content, Set<PosixFilePermission> mode)
      throws PodkitException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(draft);
      FileAttribute<Set<PosixFilePermission>> created =
          PosixFilePermissions.asFileAttribute(PRIVATE_FILE);
      try (FileChannel out =
          FileChannel.open(
              draft,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              created)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.setPosixFilePermissions(draft, mode);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw PodkitException.io("cannot write " + file, e);
    }
  }
}
