package io.podkit.fs.testing;

import io.podkit.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A filesystem in a file, mounted until it is closed. */
public final class Disk implements AutoCloseable {
  private final Path directory;

  private Disk(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes one and mounts it.
   *
   * @param beside makes the file and the mount point there
   * @param bytes how large
   * @param mountOptions may be empty
   * @param mkfs how it is made, without the file
   */
  public static Disk make(Path beside, long bytes, String mountOptions, Object... mkfs)
      throws Exception {
    Path file = Files.createTempFile(beside, "disk", ".img");
    try (var out = Files.newByteChannel(file, java.nio.file.StandardOpenOption.WRITE)) {
      out.position(bytes - 1).write(java.nio.ByteBuffer.allocate(1));
    }
    List<Object> words = new ArrayList<>(Arrays.asList(mkfs));
    words.add(file);
    Object program = words.remove(0);
    Command.of(program, words.toArray()).runOrThrow("make a filesystem");
    Path directory = Files.createTempDirectory(beside, "disk");
    String options = mountOptions.isEmpty() ? "loop" : "loop," + mountOptions;
    Command.of("mount", "-o", options, file, directory).runOrThrow("mount it");
    return new Disk(directory);
  }

  /** A filesystem without a disk. */
  public static Disk inMemory(Path beside, String type, String options) throws Exception {
    Path directory = Files.createTempDirectory(beside, "disk");
    String words = options.isEmpty() ? "rw" : options;
    Command.of("mount", "-t", type, "-o", words, "none", directory).runOrThrow("mount it");
    return new Disk(directory);
  }

  /** Where it is mounted. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() throws Exception {
    Command.of("umount", directory).runOrThrow("unmount it");
  }
}
