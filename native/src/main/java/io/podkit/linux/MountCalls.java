package io.podkit.linux;

import java.nio.file.Path;
import java.util.Set;

/** Mounting and unmounting, part of {@link Syscalls}. */
public interface MountCalls {

  /** The longest {@code data} mount(2) takes: one page with its NUL; more is cut off silently. */
  int MAX_MOUNT_DATA = 4095;

  /**
   * Mounts a filesystem, binds a tree, or changes a mount, depending on the flags.
   *
   * @param source device, directory to bind, or a name for /proc/mounts ("tmpfs")
   * @param target an existing directory (or file, for a bind of a file)
   * @param type the filesystem's type; empty for binds, remounts and propagation changes
   * @param flags how
   * @param data options of the filesystem, separated by commas; empty for none
   * @throws ErrnoException E2BIG (from here, not the kernel) if {@code data} is longer than {@link
   *     #MAX_MOUNT_DATA}; EBUSY, EINVAL, ENODEV, ENOENT, EPERM as the man page says
   * @see <a href="https://man7.org/linux/man-pages/man2/mount.2.html">mount(2)</a>
   */
  void mount(String source, Path target, String type, Set<MountFlag> flags, String data)
      throws ErrnoException;

  /**
   * Detaches the mount at {@code target}.
   *
   * <p>With {@link UnmountFlag#DETACH} it disappears from the tree at once and is released when its
   * last user leaves; without it a mount in use is EBUSY.
   *
   * @throws ErrnoException EINVAL if nothing is mounted there, EBUSY if it is in use
   * @see <a href="https://man7.org/linux/man-pages/man2/umount.2.html">umount2(2)</a>
   */
  void umount2(Path target, Set<UnmountFlag> flags) throws ErrnoException;

  /**
   * What filesystem a path lies on and how full it is.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">statfs(2)</a>
   */
  FileSystemStat statfs(Path path) throws ErrnoException;
}
