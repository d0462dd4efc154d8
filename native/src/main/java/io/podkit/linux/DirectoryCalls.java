package io.podkit.linux;

import java.util.List;
import java.util.Set;

/** Making, linking, renaming and removing names, part of {@link Syscalls}. */
public interface DirectoryCalls {

  /**
   * Makes a directory.
   *
   * @return false if the name exists already, whatever it is (EEXIST)
   * @see <a href="https://man7.org/linux/man-pages/man2/mkdirat.2.html">mkdirat(2)</a>
   */
  boolean mkdir(PathAt at, int permissions) throws ErrnoException;

  /**
   * Makes a device node, FIFO, socket name or empty file.
   *
   * @param permissions before the umask
   * @param device for device nodes, else {@link Device#NONE}
   * @throws ErrnoException EEXIST if the name exists, EPERM in a user namespace
   * @see <a href="https://man7.org/linux/man-pages/man2/mknod.2.html">mknodat(2)</a>
   */
  void mknod(PathAt at, FileType type, int permissions, Device device) throws ErrnoException;

  /** Makes a named pipe. */
  default void mkfifo(PathAt at, int permissions) throws ErrnoException {
    mknod(at, FileType.FIFO, permissions, Device.NONE);
  }

  /**
   * Makes a symbolic link.
   *
   * @param target what the link says; need not exist
   * @see <a href="https://man7.org/linux/man-pages/man2/symlink.2.html">symlinkat(2)</a>
   */
  void symlink(byte[] target, PathAt at) throws ErrnoException;

  /**
   * What a symbolic link says, byte for byte.
   *
   * @throws ErrnoException EINVAL if it is no symbolic link
   * @see <a href="https://man7.org/linux/man-pages/man2/readlink.2.html">readlinkat(2)</a>
   */
  byte[] readlink(PathAt at) throws ErrnoException;

  /**
   * Gives an inode a second name. A symbolic link is linked itself, not what it points to.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/link.2.html">linkat(2)</a>
   */
  void link(PathAt existing, PathAt name) throws ErrnoException;

  /**
   * Removes a name that is no directory.
   *
   * @throws ErrnoException EISDIR for a directory
   * @see <a href="https://man7.org/linux/man-pages/man2/unlink.2.html">unlinkat(2)</a>
   */
  void unlink(PathAt at) throws ErrnoException;

  /**
   * Removes an empty directory.
   *
   * @throws ErrnoException ENOTEMPTY, ENOTDIR, or EBUSY for a mount point
   */
  void rmdir(PathAt at) throws ErrnoException;

  /**
   * Moves a name, atomically.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/rename.2.html">renameat2(2)</a>
   */
  void renameat2(PathAt from, PathAt to, Set<RenameFlag> flags) throws ErrnoException;

  /**
   * The names in an open directory without {@code .} and {@code ..}, unsorted, byte for byte. Reads
   * from the descriptor's position, so a second call gives the rest, usually nothing.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/getdents.2.html">getdents64(2)</a>
   */
  List<byte[]> readDirectory(Fd directory) throws ErrnoException;
}
