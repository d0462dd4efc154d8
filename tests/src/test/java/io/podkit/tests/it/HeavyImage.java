package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.process.Command;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.TestPod;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * An image with a layer that only the first host has, and that cannot be packed: its one file is
 * {@code /heavy}.
 */
final class HeavyImage {
  static final String NAME = "heavy";
  static final long SIZE = 24L << 20;

  private final Host here;
  private final Host away;
  private final Path directory;
  private final Path layer;

  private HeavyImage(Host here, Host away, Path directory, Path layer) {
    this.here = here;
    this.away = away;
    this.directory = directory;
    this.layer = layer;
  }

  static HeavyImage make(Lab lab, Path directory) throws Exception {
    Host here = lab.hostA();
    Path content = Files.createDirectory(directory.resolve("content"));
    byte[] random = new byte[(int) SIZE];
    new Random(directory.hashCode()).nextBytes(random);
    Files.write(content.resolve("heavy"), random);
    lab.images().of("base");
    String top = here.pod("image", "import", NAME, content, "--base", "base").trim();
    String file = top.substring("sha256:".length()) + ".sqfs";
    lab.hostB().pod("image", "prune");
    return new HeavyImage(
        here, lab.hostB(), directory, here.root().resolve("layers/sha256").resolve(file));
  }

  void forget() throws Exception {
    here.pod("image", "rm", NAME);
    away.pod("image", "prune");
    assertThat(partial()).isEmpty();
  }

  /** Its own layer's file on the first host. */
  Path layer() {
    return layer;
  }

  TestPod sleeper(String name) throws Exception {
    return TestPod.run(here, name, NAME, "--network", "none", "--", "sleep", "1000");
  }

  /** Of the heavy file. */
  String sha256() throws Exception {
    return Command.of("sha256sum", directory.resolve("content/heavy"))
        .runOrThrow("sha256sum")
        .stdout()
        .substring(0, 64);
  }

  /** Bytes of all layers of the first host. */
  long total() throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(layer.getParent())) {
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  /** What the second host has of a transfer that is not complete. */
  List<Path> partial() throws IOException {
    Path partial = away.root().resolve("layers/partial");
    if (!Files.isDirectory(partial)) {
      return List.of();
    }
    String name = layer.getFileName().toString().replace(".sqfs", "");
    try (Stream<Path> files = Files.list(partial)) {
      return files.filter(file -> file.getFileName().toString().equals(name)).toList();
    }
  }

  /** The files that loop devices show of one host, or of directories that it shares. */
  List<String> loops(Host host) throws Exception {
    return Command.of("losetup", "--noheadings", "--output", "BACK-FILE")
        .runOrThrow("list loop devices")
        .stdout()
        .lines()
        .map(String::strip)
        .filter(
            file ->
                file.startsWith(host.root().toString()) || file.startsWith(directory.toString()))
        .filter(file -> file.endsWith(".sqfs"))
        .toList();
  }

  static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 1);
    }
  }
}
