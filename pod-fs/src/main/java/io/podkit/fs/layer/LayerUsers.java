package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.dir.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who uses which layer: an empty file for each user in a directory for each layer, so that a crash
 * at any moment leaves a state that can be read. The caller holds the lock.
 */
final class LayerUsers {

  private static final String SUFFIX = ".users";

  private final HostDirs dirs;

  LayerUsers(HostDirs dirs) {
    this.dirs = dirs;
  }

  void add(LayerDigest layer, StagingName user) throws PodkitException {
    Path directory = directory(layer);
    try {
      PrivateDirectory.create(directory);
      Path file = directory.resolve(user.value());
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot note " + user + " as a user of layer " + layer, e);
    }
  }

  /** Removes a user; does nothing if it is none. */
  void remove(LayerDigest layer, StagingName user) throws PodkitException {
    Path directory = directory(layer);
    try {
      Files.deleteIfExists(directory.resolve(user.value()));
      if (Files.isDirectory(directory) && of(layer).isEmpty()) {
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + user + " as a user of layer " + layer, e);
    }
  }

  Set<StagingName> of(LayerDigest layer) throws PodkitException {
    Path directory = directory(layer);
    Set<StagingName> users = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
    if (!Files.isDirectory(directory)) {
      return users;
    }
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> users.add(new StagingName(file.getFileName().toString())));
      return users;
    } catch (IOException | IllegalArgumentException e) {
      throw PodkitException.internal("cannot read " + directory, e);
    }
  }

  /** All layers that have users, or whose mount point exists. */
  Set<LayerDigest> layers() throws PodkitException {
    Set<LayerDigest> layers = new TreeSet<>();
    if (!Files.isDirectory(dirs.layerMounts())) {
      return layers;
    }
    try (Stream<Path> entries = Files.list(dirs.layerMounts())) {
      entries.forEach(
          entry -> layers.add(new LayerDigest(beforeDot(entry.getFileName().toString()))));
      return layers;
    } catch (IOException | IllegalArgumentException e) {
      throw PodkitException.internal("cannot read " + dirs.layerMounts(), e);
    }
  }

  private Path directory(LayerDigest layer) {
    return dirs.layerMounts().resolve(layer.hex() + SUFFIX);
  }

  private static String beforeDot(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
