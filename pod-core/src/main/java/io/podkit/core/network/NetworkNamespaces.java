package io.podkit.core.network;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.process.Command;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Network namespaces of containers that an engine has from us, each kept by a mount, so that it is
 * there before the container and when that is stopped and started. A reboot ends them. Thread-safe.
 */
public final class NetworkNamespaces {
  private final Path directory;

  public NetworkNamespaces(HostDirs dirs) {
    directory = dirs.run().resolve("netns");
  }

  /** Where the one of that name is, whether it exists or not. */
  public Path of(String name) {
    return directory.resolve(name);
  }

  /** Makes one with nothing in it. */
  public Path create(String name) throws PodkitException {
    Path file = of(name);
    try {
      Files.createDirectories(directory);
      Files.createFile(file);
    } catch (IOException e) {
      throw PodkitException.io("cannot make a network namespace at " + file, e);
    }
    try {
      Command.of("unshare", "--net=" + file, "true").runOrThrow("cannot make a network namespace");
    } catch (PodkitException e) {
      remove(name);
      throw e;
    }
    return file;
  }

  /**
   * Lets go of one: it lives on as long as somebody is in it. Does nothing if there is none.
   *
   * @throws PodkitException if it cannot be unmounted
   */
  public void remove(String name) throws PodkitException {
    Path file = of(name);
    if (!Files.exists(file)) {
      return;
    }
    Command.of("sh", "-c", "! mountpoint -q \"$0\" || umount \"$0\"", file)
        .runOrThrow("cannot let go of a network namespace");
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + file, e);
    }
  }

  /** Names of all that there are. */
  public List<String> list() throws PodkitException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw PodkitException.io("cannot look at " + directory, e);
    }
    return names;
  }
}
