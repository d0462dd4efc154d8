package io.podkit.core.checkpoint;

import io.podkit.core.api.PodTree;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.api.TreeTarget;
import io.podkit.process.Command;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The directory of one checkpoint: CRIU's images in {@code images/}, the pod's record in {@code
 * pod.json}, and one stream for each tree: {@code dev.tree}, {@code shm.tree} and, where the pod
 * may go on or go elsewhere, {@code upper.tree}.
 */
final class CheckpointFiles {
  static final String RECORD = "pod.json";
  private static final Duration ARCHIVE_PATIENCE = Duration.ofHours(6);

  private final Path directory;
  private final PodFileSystem fileSystem;

  CheckpointFiles(Path directory, PodFileSystem fileSystem) {
    this.directory = directory;
    this.fileSystem = fileSystem;
  }

  Path directory() {
    return directory;
  }

  Path images() {
    return directory.resolve("images");
  }

  private Path stream(PodTree.Kind kind) {
    return directory.resolve(kind.name().toLowerCase(Locale.ROOT) + ".tree");
  }

  boolean has(PodTree.Kind kind) {
    return Files.exists(stream(kind));
  }

  /** Makes it, empty. */
  void create() throws PodkitException {
    delete();
    try {
      Files.createDirectories(images());
    } catch (IOException e) {
      throw PodkitException.io("cannot make the directory of a checkpoint", e);
    }
  }

  /** Writes one tree that nobody writes to. */
  void save(PodTree tree) throws PodkitException {
    try (TreeSource source = fileSystem.trees().source(tree.directory(), kind(tree.kind()));
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(stream(tree.kind())))) {
      source.lastPass(out, MappedFiles.UNKNOWN);
    } catch (IOException e) {
      throw PodkitException.io("cannot write the pod's files to its checkpoint", e);
    }
  }

  /** Puts one tree back into an empty directory; does nothing if it was not saved. */
  void load(PodTree.Kind kind, Path into) throws PodkitException {
    if (!has(kind)) {
      return;
    }
    try (TreeTarget target = fileSystem.trees().target(into, kind(kind), TreeLimits.STANDARD);
        InputStream in = new BufferedInputStream(Files.newInputStream(stream(kind)))) {
      target.apply(in);
    } catch (IOException e) {
      throw PodkitException.io("cannot read the pod's files from its checkpoint", e);
    }
  }

  private static TreeKind kind(PodTree.Kind kind) {
    return switch (kind) {
      case UPPER -> TreeKind.UPPER;
      case DEV -> TreeKind.DEV;
      case SHM, VOLUME -> TreeKind.PLAIN;
    };
  }

  /** Packs everything into one file, which appears complete or not at all. */
  void pack(Path file) throws PodkitException {
    Path temporary = file.resolveSibling(file.getFileName() + ".part");
    try {
      Command.of("tar", "--create", "--zstd", "--file", temporary, "--directory", directory, ".")
          .timeout(ARCHIVE_PATIENCE)
          .runOrThrow("cannot write the archive " + file);
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw PodkitException.io("cannot write the archive " + file, e);
    }
  }

  /** Unpacks an archive into the empty directory; tar itself refuses names that lead out of it. */
  void unpack(Path file) throws PodkitException {
    Command.of(
            "tar",
            "--extract",
            "--zstd",
            "--file",
            file,
            "--directory",
            directory,
            "--no-same-owner",
            "--keep-directory-symlink",
            "--delay-directory-restore")
        .timeout(ARCHIVE_PATIENCE)
        .runOrThrow("cannot read the archive " + file);
    try (Stream<Path> entries = Files.walk(directory)) {
      for (Path entry : entries.toList()) {
        if (Files.isSymbolicLink(entry)
            || !(Files.isDirectory(entry) || Files.isRegularFile(entry))) {
          throw PodkitException.refused(
              "the archive "
                  + file
                  + " holds something that is no checkpoint: "
                  + directory.relativize(entry));
        }
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot read the archive " + file, e);
    }
  }

  /** Takes this one's place of an older one. */
  void replace(CheckpointFiles older) throws PodkitException {
    older.delete();
    try {
      Files.move(directory, older.directory);
    } catch (IOException e) {
      throw PodkitException.io("cannot keep the checkpoint", e);
    }
  }

  /** Bytes on disk. */
  long size() throws PodkitException {
    long sum = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    } catch (IOException e) {
      throw PodkitException.io("cannot measure the checkpoint", e);
    }
  }

  /** Removes it; does nothing if there is none. */
  void delete() throws PodkitException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot remove the checkpoint " + directory, e);
    }
  }
}
