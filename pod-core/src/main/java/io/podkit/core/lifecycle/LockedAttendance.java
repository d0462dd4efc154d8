package io.podkit.core.lifecycle;

import io.podkit.core.api.Attendance;
import io.podkit.core.api.PodName;
import io.podkit.core.api.Pods;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.resource.HostLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A promise that the kernel ends with its process: a lock on a file that the pod's monitor waits
 * for. That the file is gone when the lock is free says that the promise was kept.
 */
final class LockedAttendance implements Attendance {
  private final Pods pods;
  private final PodName name;
  private final Path file;
  private final HostLock lock;

  private LockedAttendance(Pods pods, PodName name, Path file, HostLock lock) {
    this.pods = pods;
    this.name = name;
    this.file = file;
    this.lock = lock;
  }

  /**
   * @param file beside the pod's exit file
   * @throws PodkitException of kind CONFLICT if another command has promised the same
   */
  static LockedAttendance of(Pods pods, PodName name, Path file) throws PodkitException {
    HostLock lock = HostLock.tryTake(file);
    if (lock == null) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "another command follows pod " + name + " in the foreground",
          new Hint("see what the pod prints: pod logs -f " + name));
    }
    return new LockedAttendance(pods, name, file, lock);
  }

  @Override
  public void settle() throws PodkitException {
    pods.settle(name);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + file, e);
    }
  }

  @Override
  public void close() throws PodkitException {
    lock.close();
  }
}
