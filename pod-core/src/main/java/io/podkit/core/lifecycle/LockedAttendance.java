package io.podkit.core.lifecycle;

import io.podkit.core.api.Attendance;
import io.podkit.core.api.PodName;
import io.podkit.core.api.Pods;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A promise that the kernel ends with its process: a record lock (fcntl(2)) on a file that the
 * pod's monitor waits for. That the file is gone when the lock is free says that the promise was
 * kept.
 */
final class LockedAttendance implements Attendance {
  private final Pods pods;
  private final PodName name;
  private final Path file;
  private final FileChannel channel;

  private LockedAttendance(Pods pods, PodName name, Path file, FileChannel channel) {
    this.pods = pods;
    this.name = name;
    this.file = file;
    this.channel = channel;
  }

  /**
   * @param file beside the pod's exit file
   * @throws PodkitException of kind CONFLICT if another command has promised the same
   */
  static LockedAttendance of(Pods pods, PodName name, Path file) throws PodkitException {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        return new LockedAttendance(pods, name, file, channel);
      }
      channel.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot promise to see to the end of pod " + name, e);
    }
    throw PodkitException.of(
        ErrorKind.CONFLICT,
        "another command follows pod " + name + " in the foreground",
        new Hint("see what the pod prints: pod logs -f " + name));
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
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
    try {
      channel.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot release " + file, e);
    }
  }
}
