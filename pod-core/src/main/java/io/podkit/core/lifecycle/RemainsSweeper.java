package io.podkit.core.lifecycle;

import io.podkit.core.api.PodName;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.resource.HostLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Clears up after commands that died: files and mounts of pods that never came to have a record,
 * and layers that are mounted for nobody.
 */
final class RemainsSweeper {

  private final HostDirs dirs;
  private final PodStore store;
  private final PodLocks locks;
  private final PodParts parts;
  private final PodCleaner cleaner;
  private final PodLayers layers;

  RemainsSweeper(
      HostDirs dirs,
      PodStore store,
      PodLocks locks,
      PodParts parts,
      PodCleaner cleaner,
      PodLayers layers) {
    this.dirs = dirs;
    this.store = store;
    this.locks = locks;
    this.parts = parts;
    this.cleaner = cleaner;
    this.layers = layers;
  }

  void sweep() throws PodkitException {
    removeNameless();
    parts.fileSystem().layers().reconcile(layers);
  }

  /** As {@link #sweep}, and removes the layers that nothing needs. */
  List<LayerDigest> prune() throws PodkitException {
    removeNameless();
    return parts.fileSystem().images().prune(layers);
  }

  private void removeNameless() throws PodkitException {
    Set<String> names = new TreeSet<>();
    names.addAll(namesIn(dirs.root().resolve("pods")));
    names.addAll(namesIn(dirs.run().resolve("pods")));
    for (String text : names) {
      PodName name = new PodName(text);
      if (store.find(name).isPresent()) {
        continue;
      }
      HostLock lock = locks.tryAcquire(name);
      if (lock == null) {
        continue; // it is just coming to be, or being removed
      }
      try (lock) {
        if (store.find(name).isEmpty()) {
          // Not a constant: `pod ps` loads this class and has no use for a logging system.
          LoggerFactory.getLogger(RemainsSweeper.class)
              .info("removing what a command that died left of pod {}", name);
          cleaner.eraseRemains(name);
        }
      }
    }
  }

  private static List<String> namesIn(Path directory) throws PodkitException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(PodName::isLegal) // not what a filesystem keeps there, as lost+found
          .toList();
    } catch (IOException e) {
      throw PodkitException.io("cannot look at " + directory, e);
    }
  }
}
