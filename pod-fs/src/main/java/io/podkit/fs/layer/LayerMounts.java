package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileSystemStat;
import io.podkit.linux.MountFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.linux.UnmountFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts of layers. Whether one is there is asked of the kernel, not remembered. The caller
 * holds the lock.
 *
 * <p>A squashfs has no identity that the overlay could tell it by, so of two of them in one overlay
 * the kernel knows the inodes of neither for sure and silently turns off {@code index} and {@code
 * nfs_export}; then inotify watches in the pod cannot be dumped. A layer beneath another one is
 * therefore wrapped: an overlay of its own over nothing but it, with an identity made of its
 * digest. Not so the highest: the kernel remembers in the pod's upper directory which root lay
 * beneath it, and the root of a wrapper is another one each time.
 */
final class LayerMounts {

  private static final Logger LOG = LoggerFactory.getLogger(LayerMounts.class);

  private static final int UUID_BYTES = 16;

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
    Path at = plain(layer);
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

  /**
   * Wraps a mounted layer unless it is; says where.
   *
   * @return the layer's plain mount on a kernel that cannot give an overlay an identity (before
   *     6.7)
   */
  Path wrap(LayerDigest layer) throws PodkitException {
    Path plain = plain(layer);
    Path box = box(layer);
    Path wrapped = box.resolve("root");
    try {
      if (isMounted(wrapped, FileSystemStat.OVERLAYFS_MAGIC)) {
        return wrapped;
      }
      unmount(box);
      PrivateDirectory.create(box);
      sys.mount("tmpfs", box, "tmpfs", Set.of(MountFlag.NO_DEV), "mode=700,size=1m,nr_inodes=64");
      sys.mount("none", box, "", Set.of(MountFlag.PRIVATE), "");
      return mountWrapped(layer, plain, box, wrapped);
    } catch (ErrnoException e) {
      throw LayerFailures.mounting(layer, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot mount layer " + layer.abbreviated(), e);
    }
  }

  private Path mountWrapped(LayerDigest layer, Path plain, Path box, Path wrapped)
      throws IOException {
    Path upper = Files.createDirectory(box.resolve("upper"));
    Path work = Files.createDirectory(box.resolve("work"));
    Files.createDirectory(wrapped);
    byte[] identity = Arrays.copyOf(HexFormat.of().parseHex(layer.hex()), UUID_BYTES);
    sys.lsetxattr(PathAt.of(upper), "trusted.overlay.uuid", identity);
    String options =
        "lowerdir=%s,upperdir=%s,workdir=%s,index=on,nfs_export=on,uuid=on,redirect_dir=off"
            .formatted(OverlayPath.lower(plain), OverlayPath.plain(upper), OverlayPath.plain(work));
    try {
      sys.mount("overlay", wrapped, "overlay", EnumSet.of(MountFlag.NO_DEV), options);
    } catch (ErrnoException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      LOG.info("this kernel cannot tell layers apart; inotify in pods of several will not move");
      unmount(box);
      return plain;
    }
    sys.mount("none", wrapped, "", Set.of(MountFlag.PRIVATE), "");
    return wrapped;
  }

  /** Takes the layer's mounts away. The kernel keeps the layer until no overlay uses it. */
  void unmountAll(LayerDigest layer) throws PodkitException {
    Path box = box(layer);
    Path plain = plain(layer);
    try {
      unmount(box.resolve("root"));
      unmount(box);
      unmount(plain);
      Files.deleteIfExists(box);
      Files.deleteIfExists(plain);
    } catch (IOException e) {
      throw PodkitException.io("cannot unmount layer " + layer.abbreviated(), e);
    }
  }

  /** Whether the layer is mounted. */
  boolean isMounted(LayerDigest layer) throws PodkitException {
    try {
      return isMounted(plain(layer), FileSystemStat.SQUASHFS_MAGIC);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot look at layer " + layer.abbreviated(), e);
    }
  }

  private Path plain(LayerDigest layer) {
    return dirs.layerMounts().resolve(layer.hex());
  }

  private Path box(LayerDigest layer) {
    return dirs.layerMounts().resolve(layer.hex() + ".wrap");
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
