package io.podkit.linux;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opening and describing inodes, part of {@link Syscalls}. None of these follows a final link. */
public interface FileCalls {

  /**
   * Opens a path with the kernel's own guard against leaving a directory.
   *
   * @param at what
   * @param flags how; O_CLOEXEC is added
   * @param permissions of a file that {@link OpenFlag#CREATE} makes, before the umask; else 0
   * @param resolve how the path may be walked; empty as open(2) does
   * @return the descriptor, which the caller closes
   * @throws ErrnoException EXDEV if BENEATH was violated, ELOOP for a link that may not be
   *     followed, ENOENT, EACCES and so on
   * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>, since Linux
   *     5.6
   */
  Fd openat2(PathAt at, Set<OpenFlag> flags, int permissions, Set<ResolveFlag> resolve)
      throws ErrnoException;

  /** Opens a path as open(2) does: {@link #openat2} without resolve flags. */
  default Fd open(PathAt at, Set<OpenFlag> flags, int permissions) throws ErrnoException {
    return openat2(at, flags, permissions, Set.of());
  }

  /** Opens a directory to use it in {@link PathAt#in}; a symbolic link is ENOTDIR. */
  default Fd openDirectory(PathAt at) throws ErrnoException {
    return open(at, Set.of(OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW), 0);
  }

  /**
   * Describes what the path names, a symbolic link itself included.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/statx.2.html">statx(2)</a>, since Linux
   *     4.11
   */
  FileStat lstat(PathAt at) throws ErrnoException;

  /** Describes an open file. */
  FileStat fstat(Fd fd) throws ErrnoException;

  /**
   * Sets the permissions, the lower twelve bits, without the umask.
   *
   * @throws ErrnoException EOPNOTSUPP for a symbolic link: it has none of its own
   * @see <a href="https://man7.org/linux/man-pages/man2/fchmodat.2.html">fchmodat(2)</a>
   */
  void chmod(PathAt at, int permissions) throws ErrnoException;

  /** Sets an open file's permissions, the lower twelve bits, without the umask. */
  void fchmod(Fd file, int permissions) throws ErrnoException;

  /** Sets an open file's owner and group; as {@link #lchown}. */
  void fchown(Fd file, long uid, long gid) throws ErrnoException;

  /** Sets an open file's times to the nanosecond. */
  void futimens(Fd file, Instant accessed, Instant modified) throws ErrnoException;

  /**
   * Sets owner and group, also of a symbolic link. The kernel clears set-uid bits: set the
   * permissions afterwards.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/fchownat.2.html">fchownat(2)</a>
   */
  void lchown(PathAt at, long uid, long gid) throws ErrnoException;

  /**
   * Sets access and modification time to the nanosecond, also of a symbolic link.
   *
   * @param accessed null leaves it as it is
   * @param modified null leaves it as it is
   * @see <a href="https://man7.org/linux/man-pages/man2/utimensat.2.html">utimensat(2)</a>
   */
  void utimensat(PathAt at, @Nullable Instant accessed, @Nullable Instant modified)
      throws ErrnoException;
}
