package io.podkit.fs.layer;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.Subprocess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes squashfs files with squashfs-tools. The same tree gives the same bytes on any machine: no
 * time of creation, no fragment of the machine's own, one block size, one compressor.
 *
 * @see <a href="https://docs.kernel.org/filesystems/squashfs.html">squashfs</a>
 */
final class SquashfsPacker {

  private static final Duration PATIENCE = Duration.ofHours(6);

  /** Exportable, as mksquashfs makes it: without, overlayfs silently drops index and nfs_export. */
  private static final List<String> FORMAT =
      List.of(
          "-comp",
          "zstd",
          "-Xcompression-level",
          "3",
          "-b",
          "131072",
          "-mkfs-time",
          "0",
          "-reproducible",
          "-xattrs",
          "-quiet",
          "-no-progress");

  private static final int MAGIC_LENGTH = 6;

  private SquashfsPacker() {}

  static void packDirectory(Path directory, Path into) throws PodkitException {
    List<String> argv = new ArrayList<>(List.of("mksquashfs", directory + "/", into.toString()));
    argv.addAll(FORMAT);
    argv.add("-noappend");
    Command.of(argv).timeout(PATIENCE).runOrThrow("cannot pack " + directory);
  }

  /** The tar never becomes files of this host: its entries go straight into the image. */
  static void packTar(Path tar, Path into) throws PodkitException {
    List<String> argv = new ArrayList<>(List.of("sqfstar"));
    argv.addAll(FORMAT);
    argv.add(into.toString());
    Command pack = Command.of(argv).timeout(PATIENCE);
    String what = "cannot pack " + tar;
    List<String> unpacker = unpacker(tar);
    if (unpacker.isEmpty()) {
      pack.stdin(tar).runOrThrow(what);
      return;
    }
    try (Subprocess unpack = Command.of(unpacker).timeout(PATIENCE).stdoutPiped().start()) {
      pack.stdin(unpack.stdout()).runOrThrow(what);
      if (!unpack.finish().success()) {
        throw PodkitException.of(ErrorKind.USAGE, what + ": it is damaged");
      }
    }
  }

  /** The program that undoes the tar's compression, told by its content; empty for a plain tar. */
  private static List<String> unpacker(Path tar) throws PodkitException {
    byte[] magic;
    try (InputStream in = Files.newInputStream(tar)) {
      magic = in.readNBytes(MAGIC_LENGTH);
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + tar, e);
    }
    String file = tar.toString();
    if (startsWith(magic, 0x1f, 0x8b)) {
      return List.of("gzip", "-dc", file);
    }
    if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      return List.of("zstd", "-dc", file);
    }
    if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return List.of("xz", "-dc", file);
    }
    return List.of();
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    byte[] wanted = new byte[magic.length];
    for (int i = 0; i < magic.length; i++) {
      wanted[i] = (byte) magic[i];
    }
    return Arrays.equals(bytes, 0, magic.length, wanted, 0, magic.length);
  }
}
