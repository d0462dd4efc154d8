package io.podkit.fs.source;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Which files on shared storage have been compared with their digests, and what they looked like
 * then. A file that looks different now has to be compared again.
 */
final class VerifiedNotes {

  /** FUSE_SUPER_MAGIC: inode numbers there are made up anew whenever the kernel forgets one. */
  private static final long FUSE = 0x65735546L;

  private final Syscalls sys;
  private final Path directory;

  /**
   * The notes of one host.
   *
   * @param directory for a file for each layer
   */
  VerifiedNotes(Syscalls sys, Path directory) {
    this.sys = sys;
    this.directory = directory;
  }

  /** What the file looks like now: to be read before its content, and noted after it. */
  String look(Path file) throws IOException {
    FileStat stat = sys.lstat(PathAt.of(file));
    long inode = sys.statfs(file).magic() == FUSE ? 0 : stat.inode();
    return file + "\n" + stat.size() + " " + stat.modified() + " " + inode + "\n";
  }

  /** Whether the layer was compared when its file looked like that. */
  boolean has(LayerDigest layer, String look) throws IOException {
    try {
      return Files.readString(note(layer), StandardCharsets.UTF_8).equals(look);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  void add(LayerDigest layer, String look) throws PodkitException {
    try {
      PrivateDirectory.create(directory);
      DurableFile.write(note(layer), look.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw PodkitException.io("cannot note that layer " + layer.abbreviated() + " is right", e);
    }
  }

  void remove(LayerDigest layer) throws IOException {
    Files.deleteIfExists(note(layer));
  }

  private Path note(LayerDigest layer) {
    return directory.resolve(layer.hex());
  }
}
