package io.podkit.linux;

import java.util.Set;

/**
 * Being told what changes on a filesystem, part of {@link Syscalls}. Needs CAP_SYS_ADMIN and
 * CAP_DAC_READ_SEARCH in the initial user namespace.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/fanotify.7.html">fanotify(7)</a>
 */
public interface WatchCalls {

  /**
   * A group that tells of changes by the handle of a directory, a name in it, and the handle of
   * what had that name, without bound on how many wait to be read. Reading never blocks: EAGAIN
   * when there is none.
   *
   * @return to be read with {@link DescriptorCalls#read} and {@link FileChanges#decode}; the caller
   *     closes it
   * @throws ErrnoException EPERM, or EINVAL before Linux 5.17
   * @see <a href="https://man7.org/linux/man-pages/man2/fanotify_init.2.html">fanotify_init(2)</a>
   */
  Fd fanotifyInit() throws ErrnoException;

  /**
   * Has a group told of changes anywhere on the filesystem that an open directory lies on.
   *
   * @throws ErrnoException EOPNOTSUPP where the filesystem gives no handles, EXDEV on a subvolume,
   *     ENODEV where it has no identity
   * @see <a href="https://man7.org/linux/man-pages/man2/fanotify_mark.2.html">fanotify_mark(2)</a>,
   *     FAN_MARK_FILESYSTEM since Linux 4.20
   */
  void fanotifyMarkFilesystem(Fd group, Fd directory, Set<FileChange> changes)
      throws ErrnoException;

  /**
   * The inode that a handle stands for, opened with O_PATH.
   *
   * @param mount any open directory on its filesystem
   * @param handle as {@link FileChanges} gives it
   * @throws ErrnoException ESTALE if it is gone
   * @see <a
   *     href="https://man7.org/linux/man-pages/man2/open_by_handle_at.2.html">open_by_handle_at(2)</a>
   */
  Fd openByHandle(Fd mount, FileHandle handle) throws ErrnoException;
}
