package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileSystemStat;
import io.podkit.linux.Syscalls;
import io.podkit.linux.UnmountFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
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
      if (isMounted(at, FileSystemStat.SQUASHFS_MAGIC)) {
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
      unmount(at);
      Files.deleteIfExists(at);
    } catch (IOException e) {
      throw PodkitException.io("cannot unmount layer " + layer.abbreviated(), e);
    }
  }

  /** Whether the layer is mounted. */
  boolean isMounted(LayerDigest layer) throws PodkitException {
    try {
      return isMounted(point(layer), FileSystemStat.SQUASHFS_MAGIC);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot look at layer " + layer.abbreviated(), e);
    }
  }

  private Path point(LayerDigest layer) {
    return dirs.layerMounts().resolve(layer.hex());
  }

  private boolean isMounted(Path at, long magic) throws ErrnoException {
    try {
      return sys.statfs(at).magic() == magic;
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /** Unmounts what is mounted there, however often; does nothing if nothing is. */
  private void unmount(Path at) throws ErrnoException {
    while (true) {
      try {
        sys.umount2(at, EnumSet.of(UnmountFlag.NO_FOLLOW));
      } catch (ErrnoException e) {
        if (e.is(Errno.EINVAL) || e.is(Errno.ENOENT)) {
          return; // not a mount point
        }
        if (!e.is(Errno.EBUSY)) {
          throw e;
        }
        sys.umount2(at, EnumSet.of(UnmountFlag.NO_FOLLOW, UnmountFlag.DETACH));
      }
    }
  }
}
