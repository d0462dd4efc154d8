package io.podkit.fs.layer;

import io.podkit.fs.format.LayerFormat;
import io.podkit.linux.Device;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileType;
import io.podkit.linux.LoopFlag;
import io.podkit.linux.MountFlag;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Mounts a layer's file through a loop device that frees itself with the last user of the mount:
 * nothing has to be remembered, so nothing can leak.
 */
final class LoopMount {

  private static final Path CONTROL = Path.of("/dev/loop-control");
  private static final int LOOP_MAJOR = 7;

  /** Somebody else may take a free device first; that many times in a row is no accident. */
  private static final int ATTEMPTS = 64;

  /** Direct: the layer's pages would be cached as the file's and as the filesystem's. */
  private static final Set<LoopFlag> FLAGS =
      EnumSet.of(LoopFlag.READ_ONLY, LoopFlag.AUTOCLEAR, LoopFlag.DIRECT_IO);

  /**
   * Direct reads have to be whole sectors of the disk beneath, or of the filesystem's own: btrfs,
   * or a disk of 4 KiB sectors, takes nothing smaller. Otherwise the kernel would go through the
   * page cache, and not say so.
   */
  private static final int SECTOR = 4096;

  private final Syscalls sys;

  LoopMount(Syscalls sys) {
    this.sys = sys;
  }

  /**
   * Mounts the file read-only and without device nodes; set-user-id programs stay what they are.
   * Where the file's filesystem cannot read past the page cache, it is read through it.
   *
   * @throws ErrnoException ENOENT or ENXIO if there are no loop devices, ENODEV without a driver
   *     for the format
   */
  void mount(Path file, LayerFormat format, Path target) throws ErrnoException {
    try (Fd backing = sys.open(PathAt.of(file), Set.of(OpenFlag.READ), 0)) {
      // The tail of a file that is no multiple would be cut off.
      int sector = sys.fstat(backing).size() % SECTOR == 0 ? SECTOR : 0;
      for (int attempt = 1; ; attempt++) {
        int number = freeDevice();
        Path node = Path.of("/dev/loop" + number);
        try (Fd device = open(node, number)) {
          sys.loopConfigure(device, backing, FLAGS, sector);
          noteIfCached(file, device);
          mountDevice(node, format, target);
          return; // the mount holds the device now
        } catch (ErrnoException e) {
          if (!e.is(Errno.EBUSY) || attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
    }
  }

  private void noteIfCached(Path file, Fd device) throws ErrnoException {
    if (!sys.loopFlags(device).contains(LoopFlag.DIRECT_IO)) {
      // Not a constant: `pod ps` loads this class and has no use for a logging system.
      LoggerFactory.getLogger(LoopMount.class)
          .info("{} lies where direct reads are not possible: its pages are cached twice", file);
    }
  }

  private int freeDevice() throws ErrnoException {
    try (Fd control = sys.open(PathAt.of(CONTROL), Set.of(OpenFlag.READ_WRITE), 0)) {
      return sys.loopGetFree(control);
    }
  }

  private Fd open(Path node, int number) throws ErrnoException {
    try {
      return sys.open(PathAt.of(node), Set.of(OpenFlag.READ), 0);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
      // A container's own /dev lacks the node of a device that was made just now.
      sys.mknod(PathAt.of(node), FileType.BLOCK_DEVICE, 0600, new Device(LOOP_MAJOR, number));
      return sys.open(PathAt.of(node), Set.of(OpenFlag.READ), 0);
    }
  }

  private void mountDevice(Path node, LayerFormat format, Path target) throws ErrnoException {
    Set<MountFlag> flags = EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_DEV);
    sys.mount(node.toString(), target, format.mountType(), flags, "");
    sys.mount("none", target, "", EnumSet.of(MountFlag.PRIVATE), "");
  }
}
