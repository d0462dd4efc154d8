package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.IncomingLayer;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.format.LayerHash;
import io.podkit.fs.lock.LockFile;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What has come of layers whose transfer broke, so that the next one can go on from there. Each
 * file is locked by whoever receives that layer; the kernel gives the lock back when it dies.
 */
final class PartialLayers {

  /** After a week the next migration can as well send it anew. */
  private static final Duration MAX_AGE = Duration.ofDays(7);

  /** All of them together. */
  private static final long MAX_BYTES = 16L << 30;

  private final Syscalls sys;
  private final LayerFiles files;
  private final Path directory;

  PartialLayers(Syscalls sys, HostDirs dirs, LayerFiles files) {
    this.sys = sys;
    this.files = files;
    this.directory = dirs.root().resolve("layers").resolve("partial");
  }

  /**
   * Makes ready to receive a layer. While somebody else is receiving the same one this waits:
   * either it will be here then, or it can be gone on with.
   *
   * @throws PodkitException CONFLICT if somebody received it all that time
   */
  IncomingLayer open(LayerDigest layer, long size, Duration patience) throws PodkitException {
    trim();
    Path file = directory.resolve(layer.hex());
    long deadline = System.nanoTime() + patience.toNanos();
    while (!files.has(layer)) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      LockFile lock = LockFile.exclusive(sys, file, left);
      try {
        // Whoever had it may have renamed or removed it: then the lock is of something else.
        if (!files.has(layer) && lock.isStill(sys, file)) {
          return new PartialLayer(files, layer, file, size, lock);
        }
      } catch (IOException e) {
        lock.close();
        throw PodkitException.io("cannot receive layer " + layer.abbreviated(), e);
      }
      lock.close();
    }
    return new Stored();
  }

  /** How many bytes of a layer have come; 0 if none have, or all of them. */
  long bytes(LayerDigest layer) throws PodkitException {
    try {
      return Files.size(directory.resolve(layer.hex()));
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw PodkitException.io("cannot look at layer " + layer.abbreviated(), e);
    }
  }

  /** Removes what is too old, and the oldest of what is too much. */
  private void trim() throws PodkitException {
    Instant oldest = Instant.now().minus(MAX_AGE);
    List<Partial> all = list();
    long bytes = all.stream().mapToLong(Partial::bytes).sum();
    for (Partial partial : all) {
      boolean superfluous = partial.touched.isBefore(oldest) || bytes > MAX_BYTES;
      if (superfluous && remove(partial.file)) {
        bytes -= partial.bytes;
      }
    }
  }

  /** Removes all that nobody is receiving. */
  void clear() throws PodkitException {
    for (Partial partial : list()) {
      remove(partial.file);
    }
  }

  private record Partial(Path file, Instant touched, long bytes) {}

  /** The one that was touched longest ago first. */
  private List<Partial> list() throws PodkitException {
    List<Partial> all = new ArrayList<>();
    try {
      PrivateDirectory.create(directory);
      try (Stream<Path> entries = Files.list(directory)) {
        for (Path file : entries.toList()) {
          look(file).ifPresent(all::add);
        }
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot look at " + directory, e);
    }
    all.sort(Comparator.comparing(Partial::touched));
    return all;
  }

  private static Optional<Partial> look(Path file) throws IOException {
    try {
      return Optional.of(
          new Partial(file, Files.getLastModifiedTime(file).toInstant(), Files.size(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // stored or thrown away in this very moment
    }
  }

  /** Says whether it was removed; it is not while somebody is receiving it. */
  private boolean remove(Path file) throws PodkitException {
    Optional<LockFile> lock = LockFile.ifFree(sys, file);
    if (lock.isEmpty()) {
      return false;
    }
    try (LockFile held = lock.get()) {
      if (held.isStill(sys, file)) {
        Files.deleteIfExists(file);
      }
      return true;
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + file, e);
    }
  }

  /** A layer that need not come any more. */
  private static final class Stored implements IncomingLayer {
    @Override
    public boolean isHere() {
      return true;
    }

    @Override
    public long offset() {
      return 0;
    }

    @Override
    public LayerDigest prefix() {
      return new LayerHash().digest();
    }

    @Override
    public void receive(InputStream in, long from) {
      throw new IllegalStateException("it is here already");
    }

    @Override
    public void close() {}
  }
}
