package io.podkit.fs.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A thread that makes, changes, links, renames and removes files of a tree until it is closed. */
final class Churn implements AutoCloseable {
  private final Path root;
  private final Random random = new Random(42);
  private final AtomicLong rounds = new AtomicLong();
  private final Thread thread = new Thread(this::run, "churn");
  private volatile boolean stop;
  private long misses;

  private Churn(Path root) {
    this.root = root;
  }

  static Churn start(Path root) {
    Churn churn = new Churn(root);
    churn.thread.start();
    return churn;
  }

  long rounds() {
    return rounds.get();
  }

  long misses() {
    return misses;
  }

  @Override
  public void close() throws InterruptedException {
    stop = true;
    thread.join();
  }

  private void run() {
    while (!stop) {
      try {
        step();
        rounds.incrementAndGet();
      } catch (FileSystemException e) {
        misses++; // gone, there already, or a directory where a file was
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void step() throws IOException {
    Path a = any();
    Path b = any();
    switch (random.nextInt(8)) {
      case 0 -> Files.writeString(a, "x".repeat(random.nextInt(200_000)));
      case 1 -> Files.move(a, b, StandardCopyOption.ATOMIC_MOVE);
      case 2 -> Files.createLink(a, b);
      case 3 -> Files.createDirectory(a);
      case 4 -> remove(a);
      case 5 -> Files.createSymbolicLink(a, Path.of("nowhere"));
      case 6 -> Files.setAttribute(a, "unix:mode", random.nextInt(01000));
      default -> Files.writeString(a, "short");
    }
  }

  private Path any() {
    Path path = root.resolve("churn" + random.nextInt(6));
    return random.nextBoolean() ? path : path.resolve("c" + random.nextInt(4));
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
