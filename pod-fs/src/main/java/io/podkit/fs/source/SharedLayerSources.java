package io.podkit.fs.source;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerSource;
import io.podkit.fs.api.LayerSources;
import io.podkit.fs.format.LayerFormat;
import io.podkit.fs.format.LayerHash;
import io.podkit.fs.lock.LockFile;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The layer sources of one host. */
public final class SharedLayerSources implements LayerSources {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Supplier<? extends Syscalls> sys;
  private final HostDirs dirs;
  private final SourceList list;

  /** The sources of the host with those directories; touches nothing yet. */
  public SharedLayerSources(Supplier<? extends Syscalls> sys, HostDirs dirs) {
    this.sys = sys;
    this.dirs = dirs;
    this.list = new SourceList(dirs.layerSources());
  }

  @Override
  public List<LayerSource> list() throws PodkitException {
    List<LayerSource> all = new ArrayList<>();
    for (Path directory : list.read()) {
      all.add(look(directory));
    }
    return all;
  }

  private static LayerSource look(Path directory) {
    try {
      List<LayerDigest> layers = new ArrayList<>();
      long bytes = 0;
      for (Map.Entry<LayerDigest, Path> file : files(directory).entrySet()) {
        layers.add(file.getKey());
        bytes += sizeOf(file.getValue());
      }
      return new LayerSource(directory, true, layers, bytes);
    } catch (IOException e) {
      return new LayerSource(directory, false, List.of(), 0);
    }
  }

  /** Others may remove files there at any moment. */
  private static long sizeOf(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private static Map<LayerDigest, Path> files(Path directory) throws IOException {
    Map<LayerDigest, Path> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        SourcedLayers.layerIn(file).ifPresent(layer -> found.put(layer, file));
      }
    }
    return found;
  }

  @Override
  public LayerSource add(Path directory) throws PodkitException {
    requireDirectory(directory);
    Path known = directory.normalize();
    refuseOwn(known);
    try (LockFile lock = lock()) {
      List<Path> directories = new ArrayList<>(list.read());
      if (!directories.contains(known)) {
        directories.add(known);
        list.write(directories);
      }
    }
    return look(known);
  }

  private void refuseOwn(Path directory) throws PodkitException {
    try {
      Path own = dirs.root();
      boolean within = Files.exists(own) && directory.toRealPath().startsWith(own.toRealPath());
      if (within) {
        throw PodkitException.refused(
            directory + " lies in this host's own " + own + ", which nobody else may change");
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot use " + directory, e);
    }
  }

  private static void requireDirectory(Path directory) throws PodkitException {
    if (!directory.isAbsolute()) {
      throw PodkitException.usage("the directory " + directory + " is not absolute");
    }
    if (!Files.isDirectory(directory)) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND, "there is no directory " + directory, FsHints.MOUNT_SOURCE);
    }
  }

  @Override
  public void remove(Path directory, Map<LayerDigest, String> neededBy) throws PodkitException {
    Path known = directory.normalize();
    try (LockFile lock = lock()) {
      List<Path> directories = new ArrayList<>(list.read());
      if (!directories.remove(known)) {
        throw PodkitException.of(
            ErrorKind.NOT_FOUND, known + " is no layer source", FsHints.SOURCES);
      }
      refuseNeeded(known, directories, neededBy);
      list.write(directories);
    }
  }

  private void refuseNeeded(Path going, List<Path> staying, Map<LayerDigest, String> neededBy)
      throws PodkitException {
    for (Map.Entry<LayerDigest, String> needed : neededBy.entrySet()) {
      Predicate<Path> has = dir -> Files.isRegularFile(SourcedLayers.file(dir, needed.getKey()));
      if (has.test(going) && !has.test(dirs.layers()) && staying.stream().noneMatch(has)) {
        throw PodkitException.of(
            ErrorKind.CONFLICT,
            "cannot forget "
                + going
                + ": layer "
                + needed.getKey().abbreviated()
                + ", which is nowhere else, is needed by "
                + needed.getValue(),
            FsHints.SOURCE_IN_USE);
      }
    }
  }

  @Override
  public List<Verified> verify(Path directory, ByteListener listener) throws PodkitException {
    requireDirectory(directory);
    List<Verified> results = new ArrayList<>();
    try {
      Map<LayerDigest, Path> files = files(directory);
      long total = 0;
      for (Path file : files.values()) {
        total += sizeOf(file);
      }
      long done = 0;
      for (Map.Entry<LayerDigest, Path> file : files.entrySet()) {
        results.add(
            new Verified(directory, file.getKey(), problem(file.getKey(), file.getValue())));
        done += sizeOf(file.getValue());
        listener.progress(done, total);
      }
      return results;
    } catch (IOException e) {
      throw PodkitException.io("cannot verify the layers in " + directory, e);
    }
  }

  private static String problem(LayerDigest layer, Path file) {
    try {
      Optional<LayerFormat> format = LayerFormat.of(file);
      LayerDigest got = LayerHash.of(file);
      if (!got.equals(layer)) {
        return format.isEmpty() ? "it is cut or no layer" : "its content is " + got;
      }
      return format.isEmpty() ? "it is neither squashfs nor erofs" : "";
    } catch (IOException e) {
      return "it cannot be read: " + e.getMessage();
    }
  }

  @Override
  public boolean publish(LayerDigest layer, Path file, Path directory, ByteListener listener)
      throws PodkitException {
    requireDirectory(directory);
    Path there = SourcedLayers.file(directory, layer);
    if (Files.exists(there)) {
      return false;
    }
    try {
      Path beside = Files.createTempFile(directory, "." + layer.abbreviated() + "-", ".new");
      try {
        copy(layer, file, beside);
        listener.progress(Files.size(beside), Files.size(beside));
        // Other hosts may read it under another user, as sshfs and squashing NFS servers do.
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(beside, there, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
      return true;
    } catch (IOException e) {
      throw PodkitException.io(
          "cannot publish layer " + layer.abbreviated() + " in " + directory, e);
    }
  }

  private static void copy(LayerDigest layer, Path from, Path to)
      throws IOException, PodkitException {
    LayerHash hash = new LayerHash();
    try (InputStream in = Files.newInputStream(from);
        FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      OutputStream out = Channels.newOutputStream(channel);
      hash.copy(in, out, Long.MAX_VALUE);
      channel.force(true);
    }
    if (!hash.digest().equals(layer)) {
      throw PodkitException.of(
          ErrorKind.IO,
          "layer " + layer + " is damaged: the content of " + from + " is " + hash.digest(),
          FsHints.LAYER_DAMAGED);
    }
  }

  private LockFile lock() throws PodkitException {
    return LockFile.exclusive(sys.get(), dirs.locks().resolve("layer-sources"), PATIENCE);
  }
}
