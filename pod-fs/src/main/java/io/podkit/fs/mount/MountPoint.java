package io.podkit.fs.mount;

import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Syscalls;
import io.podkit.linux.UnmountFlag;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * A directory that something is, or was, mounted on. The kernel is asked; nothing is remembered.
 */
public final class MountPoint {

  private static final Set<UnmountFlag> PLAIN = EnumSet.of(UnmountFlag.NO_FOLLOW);
  private static final Set<UnmountFlag> DETACH =
      EnumSet.of(UnmountFlag.NO_FOLLOW, UnmountFlag.DETACH);

  private MountPoint() {}

  /**
   * Whether a filesystem of that type is what one sees there.
   *
   * @param magic one of {@link io.podkit.linux.FileSystemStat}'s
   */
  public static boolean shows(Syscalls sys, Path at, long magic) throws ErrnoException {
    try {
      return sys.statfs(at).magic() == magic;
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Unmounts everything that is mounted there, one upon the other; does nothing if nothing is. A
   * mount in use disappears from the tree at once and is released with its last user.
   */
  public static void clear(Syscalls sys, Path at) throws ErrnoException {
    boolean unmounted = true;
    while (unmounted) {
      unmounted = unmount(sys, at, PLAIN);
    }
  }

  /** Says whether there was something to unmount. */
  private static boolean unmount(Syscalls sys, Path at, Set<UnmountFlag> flags)
      throws ErrnoException {
    try {
      sys.umount2(at, flags);
      return true;
    } catch (ErrnoException e) {
      if (e.is(Errno.EINVAL) || e.is(Errno.ENOENT)) {
        return false; // not a mount point, or somebody else was faster
      }
      if (e.is(Errno.EBUSY) && !flags.contains(UnmountFlag.DETACH)) {
        return unmount(sys, at, DETACH);
      }
      throw e;
    }
  }
}
