package io.podkit.fs.layer;

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

/**
 * Mounts a squashfs file through a loop device that frees itself with the last user of the mount:
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

  private final Syscalls sys;

  LoopMount(Syscalls sys) {
    this.sys = sys;
  }

  /**
   * Mounts the file read-only and without device nodes; set-user-id programs stay what they are.
   *
   * @throws ErrnoException ENOENT or ENXIO if there are no loop devices, ENODEV without squashfs
   */
  void mount(Path file, Path target) throws ErrnoException {
    try (Fd backing = sys.open(PathAt.of(file), Set.of(OpenFlag.READ), 0)) {
      for (int attempt = 1; ; attempt++) {
        int number = freeDevice();
        Path node = Path.of("/dev/loop" + number);
        try (Fd device = open(node, number)) {
          sys.loopConfigure(device, backing, FLAGS);
          mountDevice(node, target);
          return; // the mount holds the device now
        } catch (ErrnoException e) {
          if (!e.is(Errno.EBUSY) || attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
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

  private void mountDevice(Path node, Path target) throws ErrnoException {
    Set<MountFlag> flags = EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_DEV);
    sys.mount(node.toString(), target, "squashfs", flags, "");
    sys.mount("none", target, "", EnumSet.of(MountFlag.PRIVATE), "");
  }
}
