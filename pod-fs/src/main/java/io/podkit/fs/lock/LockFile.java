package io.podkit.fs.lock;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A lock that is held, against other threads as well as other processes. Closing gives it back. */
public final class LockFile implements AutoCloseable {

  private static final Set<OpenFlag> CREATE =
      EnumSet.of(OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.NO_FOLLOW);
  private static final int MAX_PAUSE_MILLIS = 20;

  private final Fd file;

  private LockFile(Fd file) {
    this.file = file;
  }

  /**
   * Waits for a lock to which nobody else has a share.
   *
   * @param file made if it does not exist; stays when the lock is given back
   * @param patience how long to wait
   * @throws PodkitException CONFLICT if somebody held it all the time, CANCELLED if this thread is
   *     interrupted
   */
  public static LockFile exclusive(Syscalls sys, Path file, Duration patience)
      throws PodkitException {
    return take(sys, file, true, patience);
  }

  /** Waits for a share of a lock; otherwise as {@link #exclusive}. */
  public static LockFile shared(Syscalls sys, Path file, Duration patience) throws PodkitException {
    return take(sys, file, false, patience);
  }

  /**
   * A lock to which nobody else has a share; empty if somebody has. Otherwise as {@link
   * #exclusive}.
   */
  public static Optional<LockFile> ifFree(Syscalls sys, Path file) throws PodkitException {
    try {
      Fd fd = sys.open(PathAt.of(file), CREATE, 0600);
      try {
        if (sys.tryLock(fd, true)) {
          return Optional.of(new LockFile(fd));
        }
      } catch (ErrnoException e) {
        fd.close();
        throw e;
      }
      fd.close();
      return Optional.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot lock " + file, e);
    }
  }

  /**
   * Whether the file that is locked still has that name: whoever waited for a lock may find that
   * its file was renamed or removed meanwhile.
   */
  public boolean isStill(Syscalls sys, Path path) throws ErrnoException {
    try {
      FileStat locked = sys.fstat(file);
      FileStat named = sys.lstat(PathAt.of(path));
      return locked.inode() == named.inode() && locked.device().equals(named.device());
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private static LockFile take(Syscalls sys, Path file, boolean exclusive, Duration patience)
      throws PodkitException {
    try {
      PrivateDirectory.create(Objects.requireNonNull(file.getParent(), "a lock needs a directory"));
      Fd fd = sys.open(PathAt.of(file), CREATE, 0600);
      if (await(sys, fd, exclusive, patience)) {
        return new LockFile(fd);
      }
      fd.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot lock " + file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while waiting for the lock " + file);
    }
    throw PodkitException.conflict(
        "another command has held the lock " + file + " for " + patience.toSeconds() + " s");
  }

  /** Closes the descriptor unless the lock was taken. */
  private static boolean await(Syscalls sys, Fd fd, boolean exclusive, Duration patience)
      throws ErrnoException, InterruptedException {
    boolean taken = false;
    try {
      long deadline = System.nanoTime() + patience.toNanos();
      int pause = 1;
      taken = sys.tryLock(fd, exclusive);
      while (!taken && System.nanoTime() < deadline) {
        // Polled, because a thread that waits inside flock(2) cannot be interrupted.
        Thread.sleep(pause);
        pause = Math.min(2 * pause, MAX_PAUSE_MILLIS);
        taken = sys.tryLock(fd, exclusive);
      }
      return taken;
    } finally {
      if (!taken) {
        fd.close();
      }
    }
  }

  @Override
  public void close() throws PodkitException {
    try {
      file.close();
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot give a lock back", e);
    }
  }
}
