package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.StagingName;
import io.podkit.linux.Pid;
import io.podkit.process.Command;
import io.podkit.procfs.MountInfo;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which layers are mounted and for whom: one empty file for each user, in a directory beside the
 * mount point. The caller holds the store's lock.
 */
final class LayerMounts {

  private static final String USERS = ".users";

  private final Path directory;

  LayerMounts(Path directory) {
    this.directory = directory;
  }

  Path mountPoint(LayerDigest layer) {
    return directory.resolve(layer.hex());
  }

  private Path users(LayerDigest layer) {
    return directory.resolve(layer.hex() + USERS);
  }

  void addUser(LayerDigest layer, StagingName user) throws IOException {
    Files.createDirectories(users(layer));
    Path mark = users(layer).resolve(user.value());
    if (!Files.exists(mark)) {
      Files.createFile(mark);
    }
  }

  void removeUser(LayerDigest layer, StagingName user) throws IOException {
    Files.deleteIfExists(users(layer).resolve(user.value()));
  }

  Set<String> usersOf(LayerDigest layer) throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> marks = Files.newDirectoryStream(users(layer))) {
      marks.forEach(mark -> names.add(mark.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return Set.of();
    }
    return names;
  }

  /** Layers that have users, or are mounted without. */
  Set<LayerDigest> known() throws IOException {
    Set<LayerDigest> layers = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        layers.add(LayerDigest.parse(entry.getFileName().toString().replace(USERS, "")));
      }
    } catch (NoSuchFileException e) {
      return Set.of();
    }
    return layers;
  }

  boolean isMounted(LayerDigest layer) throws IOException {
    return MountInfo.of(Path.of("/proc"), Pid.self()).at(mountPoint(layer)).isPresent();
  }

  /** Device nodes in a layer are harmless: they cannot be opened through this mount. */
  void mount(LayerDigest layer, Path file) throws PodkitException, IOException {
    Path point = mountPoint(layer);
    if (isMounted(layer)) {
      return;
    }
    Files.createDirectories(point);
    Command.of("mount", "-t", "squashfs", "-o", "loop,ro,nodev", file, point)
        .runOrThrow("cannot mount layer " + layer.abbreviated());
    Command.of("mount", "--make-private", point)
        .runOrThrow("cannot keep the mount of layer " + layer.abbreviated() + " to this host");
  }

  /** The loop device frees itself with the last user of the mount. */
  void unmountIfUnused(LayerDigest layer) throws PodkitException, IOException {
    if (!usersOf(layer).isEmpty()) {
      return;
    }
    if (isMounted(layer)) {
      Command.of("umount", "--lazy", mountPoint(layer))
          .runOrThrow("cannot unmount layer " + layer.abbreviated());
    }
    Files.deleteIfExists(mountPoint(layer));
    Files.deleteIfExists(users(layer));
  }
}
