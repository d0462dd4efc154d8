package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import io.podkit.procfs.MountEntry;
import io.podkit.procfs.MountInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs a directory into a squashfs file: the same tree gives the same bytes, on any machine that
 * has the same version of mksquashfs and zstd.
 */
final class SquashPacker {

  /** A first image may be tens of gigabytes on a slow disk. */
  private static final Duration PATIENCE = Duration.ofHours(6);

  private static final Duration TICK = Duration.ofMillis(200);

  /** Beside pod-init. Without it layers would depend on the filesystem their tree was on. */
  private static final String SAME_LAYER = "libpod-same-layer.so";

  private final Path proc;
  private final Path sameLayer;

  /**
   * A packer.
   *
   * @param proc where procfs is mounted
   * @param podInit the static helper, beside which our libraries lie
   */
  SquashPacker(Path proc, Path podInit) {
    this.proc = proc;
    this.sameLayer = podInit.resolveSibling(SAME_LAYER);
  }

  /**
   * Packs what is on the directory's own filesystem; what is mounted in it becomes an empty
   * directory.
   *
   * @param file must not exist
   * @throws PodkitException NOT_FOUND if mksquashfs is not installed, COMMAND if it failed,
   *     CANCELLED if this thread is interrupted
   */
  void pack(Path directory, Path file, ByteListener listener) throws PodkitException {
    if (!Files.isRegularFile(sameLayer)) {
      // The loader of programs would only warn, and the layer would have another digest.
      throw PodkitException.notFound(sameLayer + ", a part of Podkit, is missing");
    }
    Command command =
        Command.of(arguments(directory, file, mountsIn(directory)))
            // With it mksquashfs refuses the times we give.
            .withoutEnv("SOURCE_DATE_EPOCH")
            .env("LD_PRELOAD", sameLayer.toString())
            .timeout(PATIENCE);
    try (Subprocess process = command.start()) {
      while (process.isAlive()) {
        Thread.sleep(TICK.toMillis());
        listener.progress(sizeOf(file), -1);
      }
      CommandResult result = process.finish();
      if (!result.success()) {
        throw LayerFailures.packing(directory, result);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while packing " + directory);
    }
  }

  /** Everything that influences the bytes is named, so that no default of another version does. */
  static List<String> arguments(Path directory, Path file, List<Path> mounts) {
    List<String> words = new ArrayList<>(List.of("mksquashfs", directory + "", file + ""));
    words.addAll(List.of("-comp", "zstd", "-Xcompression-level", "6", "-b", "128K"));
    words.addAll(List.of("-reproducible", "-mkfs-time", "0", "-tailends", "-xattrs"));
    // The overlay finds inodes again by file handle.
    words.add("-exports");
    words.addAll(List.of("-noappend", "-no-recovery", "-no-progress", "-quiet"));
    words.addAll(List.of("-exit-on-error", "-mem", "512M", "-one-file-system"));
    for (Path mount : mounts) {
      words.addAll(List.of("-p", quoted(directory.relativize(mount)) + " D 0 0755 0 0"));
    }
    return words;
  }

  private List<Path> mountsIn(Path directory) throws PodkitException {
    try {
      Path real = directory.toRealPath();
      List<Path> outermost = new ArrayList<>();
      for (MountEntry mount : MountInfo.self(proc).mounts()) {
        Path at = mount.mountPoint();
        boolean within = at.startsWith(real) && !at.equals(real) && Files.isDirectory(at);
        if (within && outermost.stream().noneMatch(at::startsWith)) {
          outermost.add(directory.resolve(real.relativize(at)));
        }
      }
      return outermost;
    } catch (IOException e) {
      throw PodkitException.io("cannot pack " + directory, e);
    }
  }

  /** A name in mksquashfs' pseudo file definitions. */
  private static String quoted(Path name) {
    return '"' + name.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // not begun yet; only a progress figure
    }
  }
}
