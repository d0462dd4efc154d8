package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.format.LayerHash;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The layers' files and the scratch space beside them, on the same filesystem so that a finished
 * layer can be renamed into place.
 */
final class LayerFiles {

  private static final String SUFFIX = ".sqfs";

  private final Supplier<? extends Syscalls> sys;
  private final HostDirs dirs;

  LayerFiles(Supplier<? extends Syscalls> sys, HostDirs dirs) {
    this.sys = sys;
    this.dirs = dirs;
  }

  Path path(LayerDigest layer) {
    return dirs.layers().resolve(layer.hex() + SUFFIX);
  }

  boolean has(LayerDigest layer) {
    return Files.isRegularFile(path(layer));
  }

  List<LayerDigest> list() throws PodkitException {
    List<LayerDigest> layers = new ArrayList<>();
    if (!Files.isDirectory(dirs.layers())) {
      return layers;
    }
    try (Stream<Path> files = Files.list(dirs.layers())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        layers.add(new LayerDigest(name.substring(0, name.length() - SUFFIX.length())));
      }
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw PodkitException.internal("cannot read the layers in " + dirs.layers(), e);
    }
    Collections.sort(layers);
    return layers;
  }

  void delete(LayerDigest layer) throws PodkitException {
    try {
      Files.deleteIfExists(path(layer));
    } catch (IOException e) {
      throw PodkitException.io("cannot remove layer " + layer.abbreviated(), e);
    }
  }

  /** An empty directory that nobody else uses; the caller removes it. */
  Path scratch() throws PodkitException {
    try {
      PrivateDirectory.create(scratchRoot());
      return Files.createTempDirectory(scratchRoot(), "new-");
    } catch (IOException e) {
      throw PodkitException.io("cannot make room for a layer", e);
    }
  }

  /** Removes a directory that {@link #scratch} made. */
  void removeScratch(Path scratch) throws PodkitException {
    try {
      new TreeRemover(sys.get()).remove(scratch);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + scratch, e);
    }
  }

  /** Removes what crashed commands left; nobody else may be storing a layer. */
  void removeAllScratch() throws PodkitException {
    removeScratch(scratchRoot());
  }

  /**
   * Names a finished file by its content and makes it durable. A layer that is there already wins.
   *
   * @param file on the filesystem of the store; gone afterwards
   */
  LayerDigest adopt(Path file) throws PodkitException {
    try {
      LayerDigest layer = LayerHash.of(file);
      adopt(file, layer);
      return layer;
    } catch (IOException e) {
      throw PodkitException.io("cannot store the layer", e);
    }
  }

  /** As {@link #adopt(Path)} for a file whose digest is known to be that. */
  void adopt(Path file, LayerDigest layer) throws IOException {
    if (has(layer)) {
      Files.delete(file);
      return;
    }
    PrivateDirectory.create(dirs.layers());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(file, path(layer), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(dirs.layers(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private Path scratchRoot() {
    return dirs.root().resolve("layers").resolve("scratch");
  }
}
