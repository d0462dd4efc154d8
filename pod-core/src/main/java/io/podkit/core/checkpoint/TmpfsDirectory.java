package io.podkit.core.checkpoint;

import io.podkit.core.api.MemoryDirectory;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tmpfs of its own for one dump or restore, so that memory images never touch a disk and closing
 * gives all of it back at once. A leftover of a crash under the same path is removed first.
 */
public final class TmpfsDirectory implements MemoryDirectory {
  private final Path path;

  private TmpfsDirectory(Path path) {
    this.path = path;
  }

  /** Mounts it. */
  public static TmpfsDirectory create(Path path) throws PodkitException {
    TmpfsDirectory directory = new TmpfsDirectory(path);
    directory.close();
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw PodkitException.io("cannot make a directory for images", e);
    }
    // All of memory may be needed: a pod's memory is accounted by the preflight, not by this limit.
    Command.of(
            "mount", "-t", "tmpfs", "-o", "mode=0700,size=100%,nosuid,nodev,noexec", "podkit", path)
        .runOrThrow("cannot mount a tmpfs for images on " + path);
    return directory;
  }

  /** One that was mounted before, perhaps by a process that has died. */
  static TmpfsDirectory at(Path path) {
    return new TmpfsDirectory(path);
  }

  @Override
  public Path sub(String name) throws PodkitException {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw PodkitException.io("cannot make a directory for images", e);
    }
  }

  @Override
  public Path existing(String name) {
    return path.resolve(name);
  }

  /** Gives back what a crash left under that path; does nothing if there is nothing. */
  public static void remove(Path path) throws PodkitException {
    new TmpfsDirectory(path).close();
  }

  @Override
  public void close() throws PodkitException {
    if (!Files.isDirectory(path)) {
      return;
    }
    try {
      if (!Files.getFileStore(path).equals(Files.getFileStore(path.toAbsolutePath().getParent()))) {
        Command.of("umount", "--lazy", path).runOrThrow("cannot unmount " + path);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + path, e);
    }
  }
}
