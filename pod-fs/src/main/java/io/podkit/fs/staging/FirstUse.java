package io.podkit.fs.staging;

import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.nio.file.Path;

/**
 * Gives a new pod's {@code /} the owner and permissions of its image's: an overlay shows those of
 * its upper directory. Only once, for the pod may change them; and only when the layers are mounted
 * anyway, so a mark is left on the directory until then.
 */
final class FirstUse {

  private static final String MARK = "trusted.podkit.new";

  private final Syscalls sys;

  FirstUse(Syscalls sys) {
    this.sys = sys;
  }

  /** Marks an upper directory as never mounted. */
  void mark(Path upper) throws ErrnoException {
    sys.lsetxattr(PathAt.of(upper), MARK, new byte[] {'y'});
  }

  /**
   * Copies what the directory is to inherit if it bears the mark, and removes the mark.
   *
   * @param lower the highest lower directory
   */
  void inherit(Path upper, Path lower) throws ErrnoException {
    PathAt at = PathAt.of(upper);
    try {
      sys.lgetxattr(at, MARK);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENODATA)) {
        return;
      }
      throw e;
    }
    FileStat stat = sys.lstat(PathAt.of(lower));
    sys.lchown(at, stat.uid(), stat.gid());
    sys.chmod(at, stat.permissions());
    sys.utimensat(at, stat.accessed(), stat.modified());
    sys.lremovexattr(at, MARK);
  }
}
