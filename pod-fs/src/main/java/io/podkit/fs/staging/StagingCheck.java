package io.podkit.fs.staging;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileSystemStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out before anything is mounted what the kernel would refuse without saying why. */
final class StagingCheck {

  private static final Logger LOG = LoggerFactory.getLogger(StagingCheck.class);

  private static final String PROBE = "trusted.overlay.podkit";

  private final Syscalls sys;

  StagingCheck(Syscalls sys) {
    this.sys = sys;
  }

  /**
   * Checks where a pod's writes are to go.
   *
   * @param upper exists and is empty
   * @throws PodkitException UNSUPPORTED if no overlay can write there
   */
  void upper(Path upper) throws PodkitException {
    try {
      if (sys.statfs(upper).magic() == FileSystemStat.OVERLAYFS_MAGIC) {
        throw PodkitException.unsupported(
            "an overlay cannot lie on " + upper + ", which is itself on an overlay",
            FsHints.UPPER_ON_OVERLAY);
      }
      sys.lsetxattr(PathAt.of(upper), PROBE, "y".getBytes(StandardCharsets.UTF_8));
      sys.lremovexattr(PathAt.of(upper), PROBE);
    } catch (ErrnoException e) {
      if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.EPERM)) {
        throw new PodkitException(
            ErrorKind.UNSUPPORTED,
            "the filesystem of " + upper + " cannot keep a pod's files: " + e.errno(),
            FsHints.UPPER_UNFIT,
            e);
      }
      throw PodkitException.io("cannot use " + upper, e);
    }
  }

  /**
   * Checks a host directory that a pod is to be stacked on.
   *
   * @return the directory with links resolved
   * @throws PodkitException NOT_FOUND if there is none, REFUSED if it lies where pods are kept
   */
  Path hostDirectory(Path directory, StagingPaths paths) throws PodkitException {
    if (!Files.isDirectory(directory)) {
      throw PodkitException.notFound("there is no directory " + directory);
    }
    try {
      Path real = directory.toRealPath();
      if (real.startsWith(paths.upper().toRealPath())
          || real.startsWith(paths.work().toRealPath())) {
        throw PodkitException.refused(
            "a pod cannot be stacked on " + directory + ": its own files lie there");
      }
      if (paths.upper().toRealPath().startsWith(real)) {
        LOG.warn(
            "{} contains the pod's own files; the pod cannot enter {}", directory, paths.upper());
      }
      if (real.getNameCount() == 0) {
        LOG.warn("what is mounted in / is not seen by the pod, only the root filesystem itself");
      }
      return real;
    } catch (IOException e) {
      throw PodkitException.io("cannot use " + directory, e);
    }
  }
}
