package io.podkit.fs.staging;

import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.MountCalls;
import io.podkit.linux.MountFlag;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Mounts a pod's overlay, also when its options would not fit into the page that mount(2) takes.
 */
final class OverlayMount {

  private static final Set<OpenFlag> DIRECTORY = EnumSet.of(OpenFlag.PATH, OpenFlag.DIRECTORY);

  private final Syscalls sys;

  OverlayMount(Syscalls sys) {
    this.sys = sys;
  }

  /**
   * Mounts, private to this mount namespace and without device nodes.
   *
   * @param lowers the lowest first
   * @throws ErrnoException E2BIG if there are too many layers even so
   */
  void mount(List<Path> lowers, Path upper, Path work, Path target) throws ErrnoException {
    String options = OverlayOptions.of(lowers, upper, work);
    if (fits(options)) {
      mount(options, target);
    } else {
      mountByDescriptor(lowers, upper, work, target);
    }
    sys.mount("none", target, "", EnumSet.of(MountFlag.PRIVATE), "");
  }

  /** Open directories have short paths: about 200 of them fit. */
  private void mountByDescriptor(List<Path> lowers, Path upper, Path work, Path target)
      throws ErrnoException {
    List<Fd> open = new ArrayList<>();
    try {
      List<Path> shorter = new ArrayList<>();
      for (Path lower : lowers) {
        Fd fd = sys.open(PathAt.of(lower), DIRECTORY, 0);
        open.add(fd);
        shorter.add(fd.procPath());
      }
      String options = OverlayOptions.of(shorter, upper, work);
      if (!fits(options)) {
        throw new ErrnoException(Errno.E2BIG, "mount", target.toString());
      }
      mount(options, target);
    } finally {
      for (Fd fd : open) {
        fd.close();
      }
    }
  }

  private void mount(String options, Path target) throws ErrnoException {
    sys.mount("overlay", target, "overlay", EnumSet.of(MountFlag.NO_DEV), options);
  }

  private static boolean fits(String options) {
    return options.getBytes(StandardCharsets.UTF_8).length <= MountCalls.MAX_MOUNT_DATA;
  }
}
