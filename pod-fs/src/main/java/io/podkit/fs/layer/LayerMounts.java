package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.format.LayerFormat;
import io.podkit.fs.mount.MountPoint;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The mounts of layers. Whether one is there is asked of the kernel, not remembered. The caller
 * holds the lock.
 */
final class LayerMounts {

  private final Syscalls sys;
  private final HostDirs dirs;
  private final LoopMount loop;

  LayerMounts(Syscalls sys, HostDirs dirs) {
    this.sys = sys;
    this.dirs = dirs;
    this.loop = new LoopMount(sys);
  }

  /** Mounts the layer unless it is; says where. */
  Path mount(LayerDigest layer, Path file) throws PodkitException {
    Path at = point(layer);
    if (isMounted(layer)) {
      return at;
    }
    try {
      Optional<LayerFormat> format = LayerFormat.of(file);
      if (format.isEmpty()) {
        throw LayerFailures.damaged(layer, file);
      }
      PrivateDirectory.create(at);
      loop.mount(file, format.get(), at);
      // Not a constant: `pod ps` loads this class and has no use for a logging system.
      LoggerFactory.getLogger(LayerMounts.class).debug("mounted layer {} from {}", layer, file);
      return at;
    } catch (NoSuchFileException e) {
      throw LayerFailures.missing(layer);
    } catch (ErrnoException e) {
      throw LayerFailures.mounting(layer, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot mount layer " + layer.abbreviated(), e);
    }
  }

  /** Takes the layer's mount away. The kernel keeps the layer until no overlay uses it. */
  void unmount(LayerDigest layer) throws PodkitException {
    Path at = point(layer);
    try {
      MountPoint.clear(sys, at);
      Files.deleteIfExists(at);
    } catch (IOException e) {
      throw PodkitException.io("cannot unmount layer " + layer.abbreviated(), e);
    }
  }

  /** Whether the layer is mounted. */
  boolean isMounted(LayerDigest layer) throws PodkitException {
    try {
      for (LayerFormat format : LayerFormat.values()) {
        if (MountPoint.shows(sys, point(layer), format.magic())) {
          return true;
        }
      }
      return false;
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot look at layer " + layer.abbreviated(), e);
    }
  }

  /** Where the layer is mounted if it is. */
  Path point(LayerDigest layer) {
    return dirs.layerMounts().resolve(layer.hex());
  }
}
