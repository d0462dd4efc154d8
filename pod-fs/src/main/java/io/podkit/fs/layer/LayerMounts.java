package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.mount.MountPoint;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileSystemStat;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts of layers. Whether one is there is asked of the kernel, not remembered. The caller
 * holds the lock.
 */
final class LayerMounts {

  private static final Logger LOG = LoggerFactory.getLogger(LayerMounts.class);

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
    try {
      if (MountPoint.shows(sys, at, FileSystemStat.SQUASHFS_MAGIC)) {
        return at;
      }
      PrivateDirectory.create(at);
      loop.mount(file, at);
      LOG.debug("mounted layer {}", layer);
      return at;
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
      return MountPoint.shows(sys, point(layer), FileSystemStat.SQUASHFS_MAGIC);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot look at layer " + layer.abbreviated(), e);
    }
  }

  private Path point(LayerDigest layer) {
    return dirs.layerMounts().resolve(layer.hex());
  }
}
