package io.podkit.linux;

import java.util.List;
import java.util.Set;

/**
 * Extended attributes, part of {@link Syscalls}; a final symbolic link is not followed. {@code
 * trusted.*} is visible only with CAP_SYS_ADMIN in the initial user namespace.
 */
public interface XattrCalls {

  /** The names of all attributes, in the kernel's order. */
  List<String> llistxattr(PathAt at) throws ErrnoException;

  /**
   * An attribute's value.
   *
   * @throws ErrnoException ENODATA if there is none of that name, EOPNOTSUPP where the filesystem
   *     has no attributes
   * @see <a href="https://man7.org/linux/man-pages/man2/getxattr.2.html">lgetxattr(2)</a>
   */
  byte[] lgetxattr(PathAt at, String name) throws ErrnoException;

  /** The names of all attributes of an open file. */
  List<String> flistxattr(Fd file) throws ErrnoException;

  /** An attribute's value; as {@link #lgetxattr}. */
  byte[] fgetxattr(Fd file, String name) throws ErrnoException;

  /**
   * Sets an attribute, new or not.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/setxattr.2.html">lsetxattr(2)</a>
   */
  void lsetxattr(PathAt at, String name, byte[] value) throws ErrnoException;

  /**
   * Removes an attribute.
   *
   * @throws ErrnoException ENODATA if there is none of that name
   */
  void lremovexattr(PathAt at, String name) throws ErrnoException;

  /** Errors that say "no attributes here" rather than "something went wrong". */
  Set<Errno> NO_XATTRS = Set.of(Errno.ENODATA, Errno.EOPNOTSUPP);
}
