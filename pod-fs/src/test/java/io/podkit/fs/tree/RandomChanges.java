package io.podkit.fs.tree;

import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Changes a tree in every way a program may, the same way for the same seed. */
final class RandomChanges {
  private static final int FILE = 300_000;

  private final Syscalls sys;
  private final Path root;
  private final Random random;
  private int made;
  private int missed;

  RandomChanges(Syscalls sys, Path root, long seed) {
    this.sys = sys;
    this.root = root;
    this.random = new Random(seed);
  }

  /** Makes so many steps; what is impossible counts, too. */
  int make(int steps) throws IOException {
    for (int i = 0; i < steps; i++) {
      try {
        step();
        made++;
      } catch (FileSystemException | ErrnoException e) {
        missed++; // gone, there already, or a directory where a file was
      }
    }
    return made;
  }

  int missed() {
    return missed;
  }

  private void step() throws IOException {
    Path a = any();
    Path b = any();
    switch (random.nextInt(18)) {
      case 0, 1 -> write(a, bytes(random.nextInt(FILE)), StandardOpenOption.CREATE);
      case 2 -> Files.move(a, b, StandardCopyOption.ATOMIC_MOVE);
      case 3 -> Files.createLink(a, b);
      case 4, 5 -> Files.createDirectory(a);
      case 6 -> remove(a);
      case 7 -> Files.createSymbolicLink(a, Path.of("nowhere" + random.nextInt(3)));
      case 8 -> sys.chmod(PathAt.of(a), random.nextInt(01000));
      case 9 -> write(a, bytes(random.nextInt(5000)), StandardOpenOption.APPEND);
      case 10, 11 -> inside(a, random.nextInt(FILE), bytes(1 + random.nextInt(9000)));
      case 12 -> resize(a, random.nextInt(FILE));
      case 13 -> punch(a);
      case 14 -> store(a);
      case 15 -> sys.lsetxattr(PathAt.of(a), "user.x", bytes(1 + random.nextInt(20)));
      case 16 -> sys.utimensat(PathAt.of(a), Instant.EPOCH, Instant.ofEpochSecond(1, made));
      default -> sys.mkfifo(PathAt.of(a), 0600);
    }
  }

  private Path any() {
    Path path = root.resolve("r" + random.nextInt(6));
    for (int depth = random.nextInt(3); depth > 0; depth--) {
      path = path.resolve("s" + random.nextInt(3));
    }
    return path;
  }

  /** Not to a FIFO: nobody reads. */
  private static void write(Path file, byte[] bytes, StandardOpenOption how) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      requireRegular(file);
    }
    Files.write(file, bytes, how, StandardOpenOption.WRITE);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private Fd open(Path file) throws IOException {
    requireRegular(file);
    return sys.open(PathAt.of(file), Set.of(OpenFlag.WRITE), 0);
  }

  private static void requireRegular(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(file.toString());
    }
  }

  private void inside(Path file, long offset, byte[] bytes) throws IOException {
    try (Fd fd = open(file)) {
      ByteBuffer data = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
      sys.pwrite(fd, data, offset);
    }
  }

  private void resize(Path file, long size) throws IOException {
    try (Fd fd = open(file)) {
      sys.ftruncate(fd, size);
    }
  }

  private void punch(Path file) throws IOException {
    try (Fd fd = open(file)) {
      sys.punchHole(fd, 4096L * random.nextInt(20), 1 + random.nextInt(30_000));
    }
  }

  /** A store through a mapping, which lasts no longer than this. */
  private void store(Path file) throws IOException {
    requireRegular(file);
    if (Files.size(file) == 0) {
      return;
    }
    try (Mapping mapping = new Mapping(file)) {
      mapping.put(random.nextInt(mapping.size()));
    }
  }

  private static void remove(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> entries = Files.list(path)) {
        for (Path entry : entries.toList()) {
          remove(entry);
        }
      }
    }
    Files.delete(path);
  }
}
