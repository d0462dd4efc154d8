package io.podkit.fs.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.TestHost;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import io.podkit.linux.MountFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.process.Command;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same content is the same layer, wherever, whenever and in whatever order it was written. */
@NeedsRoot
class DeterminismIT {
  private static final int FILES = 300;

  private TestHost host;
  private final List<Path> mounted = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
  }

  @AfterEach
  void end() throws Exception {
    for (Path path : mounted) {
      Command.of("umount", path).runOrThrow("unmount");
    }
    host.close();
  }

  private Path onTmpfs(String name) throws Exception {
    Path at = Files.createDirectory(host.scratch(name));
    host.sys().mount("none", at, "tmpfs", EnumSet.noneOf(MountFlag.class), "size=64m");
    mounted.add(at);
    return at;
  }

  private Path onExt4(String name) throws Exception {
    Path image = host.scratch(name + ".img");
    Command.of("truncate", "-s", "64M", image).runOrThrow("make a disk");
    Command.of("mkfs.ext4", "-q", "-F", image).runOrThrow("make a filesystem");
    Path at = Files.createDirectory(host.scratch(name));
    Command.of("mount", "-o", "loop", image, at).runOrThrow("mount");
    mounted.add(at);
    Path tree = Files.createDirectory(at.resolve("tree")); // beside lost+found
    return tree;
  }

  /**
   * Writes the tree.
   *
   * @param seed of the order in which it is done, and of which links are made first
   */
  private void fill(Path tree, long seed) throws Exception {
    Random random = new Random(seed);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    Syscalls sys = host.sys();
    sys.chmod(PathAt.of(tree), 0755); // a tmpfs begins with others
    for (int number : order) {
      Path directory = Files.createDirectories(tree.resolve("d" + number % 7));
      Path file = directory.resolve("f" + number);
      Files.write(file, content(number));
      if (number % 10 == 0) {
        // either name first
        Path second = tree.resolve("link" + number);
        Files.createLink(second, file);
        if (random.nextBoolean()) {
          Files.delete(file);
          Files.createLink(file, second);
        }
      }
      List<String> names = new ArrayList<>(List.of("trusted.a", "trusted.b", "trusted.c"));
      Collections.shuffle(names, random);
      for (String name : number % 5 == 0 ? names : List.<String>of()) {
        byte[] value = (name + number).getBytes(StandardCharsets.UTF_8);
        sys.lsetxattr(PathAt.of(file), name, value);
      }
      sys.chmod(PathAt.of(file), number % 3 == 0 ? 04755 : 0640);
    }
    sparse(tree.resolve("sparse"), random.nextBoolean());
    sys.mknod(PathAt.of(tree.resolve("fifo")), FileType.FIFO, 0600, Device.NONE);
    sys.mknod(PathAt.of(tree.resolve("gone")), FileType.CHARACTER_DEVICE, 0, Device.NONE);
    Files.createSymbolicLink(tree.resolve("symlink"), Path.of("sparse"));
    settle(tree);
  }

  private static byte[] content(int number) {
    byte[] content = new byte[number * 97 % 40_000];
    new Random(number).nextBytes(content);
    return content;
  }

  /** A hole, or zeros in its place. */
  private static void sparse(Path file, boolean zeros) throws Exception {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      if (zeros) {
        out.write(new byte[1 << 20]);
      }
      out.setLength(1 << 20);
      out.seek(1 << 20);
      out.write(1);
    }
  }

  private void settle(Path tree) throws Exception {
    List<Path> all;
    try (var paths = Files.walk(tree)) {
      all = new ArrayList<>(paths.toList());
    }
    Collections.reverse(all);
    Instant then = Instant.ofEpochSecond(1_600_000_000);
    for (Path path : all) {
      host.sys().utimensat(PathAt.of(path), Instant.now(), then);
    }
  }

  private LayerDigest pack(Path tree) throws Exception {
    return host.files().layers().packDirectory(tree, ByteListener.NONE);
  }

  @Test
  void orderTimeAndFilesystem_changeNothing() throws Exception {
    Set<LayerDigest> digests = new HashSet<>();
    Path first = Files.createDirectory(host.scratch("first"));
    fill(first, 1);
    digests.add(pack(first));
    Path tmpfs = onTmpfs("tmpfs");
    fill(tmpfs, 2);
    digests.add(pack(tmpfs));
    Path ext4 = onExt4("ext4");
    fill(ext4, 3);
    Thread.sleep(1100); // the second has passed
    digests.add(pack(ext4));
    digests.add(pack(first));
    assertThat(digests).hasSize(1);
    Files.writeString(first.resolve("d1/f1"), "other");
    assertThat(pack(first)).isNotIn(digests);
  }
}
