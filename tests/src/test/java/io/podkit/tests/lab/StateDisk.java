package io.podkit.tests.lab;

import io.podkit.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another filesystem beneath a host's root directory, or a part of it, until it is closed. What was
 * there is copied first, and the agent is started anew.
 */
public final class StateDisk implements AutoCloseable {
  private final Host host;
  private final Path image;
  private final Path at;

  private StateDisk(Host host, Path image, Path at) {
    this.host = host;
    this.image = image;
    this.at = at;
  }

  /**
   * Makes a filesystem in a file and puts it there.
   *
   * @param size as truncate(1) takes it
   * @param mountOptions may be empty
   * @param mkfs how it is made, without the file
   */
  public static StateDisk make(Host host, Path at, String size, String mountOptions, String... mkfs)
      throws Exception {
    Path image = at.resolveSibling(at.getFileName() + ".disk");
    Command.of("truncate", "-s", size, image).runOrThrow("make " + image);
    List<Object> words = new ArrayList<>(List.of(mkfs).subList(1, mkfs.length));
    words.add(image);
    Command.of(mkfs[0], words.toArray()).runOrThrow("make a filesystem");
    String options = mountOptions.isEmpty() ? "loop" : "loop," + mountOptions;
    return put(host, image, at, "-o", options, image);
  }

  /** Puts a tmpfs there. */
  public static StateDisk tmpfs(Host host, Path at, String options) throws Exception {
    Path image = at.resolveSibling(at.getFileName() + ".disk");
    return put(host, image, at, "-t", "tmpfs", "-o", options, "none");
  }

  private static StateDisk put(Host host, Path image, Path at, Object... mount) throws Exception {
    host.killAgent();
    Files.createDirectories(at);
    Path beside = Files.createDirectories(at.resolveSibling(at.getFileName() + ".beside"));
    List<Object> words = new ArrayList<>(List.of(mount));
    words.add(beside);
    Command.of("mount", words.toArray()).runOrThrow("mount it");
    StateDisk disk = new StateDisk(host, image, at);
    try {
      Command.of("cp", "-a", at + "/.", beside).runOrThrow("copy what is there");
      Command.of("mount", "--bind", beside, at).runOrThrow("put it in place");
      return disk;
    } finally {
      Command.of("umount", beside).runOrThrow("take it from where it was made");
      Files.delete(beside);
      host.startAgent();
    }
  }

  @Override
  public void close() throws Exception {
    host.killAgent();
    Command.of("umount", at).runOrThrow("unmount the disk of " + host);
    Files.deleteIfExists(image);
    host.startAgent();
  }
}
