package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the threads of this process and other processes apart while mounts and counts are changed.
 * Locks of fcntl(2) belong to a whole process, hence the second lock for its threads.
 */
final class StoreLock {

  private static final ReentrantLock THREADS = new ReentrantLock();

  private final Path file;

  StoreLock(Path file) {
    this.file = file;
  }

  /** Something to do under the lock. */
  interface Work<T> {
    T run() throws PodkitException, IOException;
  }

  <T> T under(String what, Work<T> work) throws PodkitException {
    THREADS.lock();
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.lock(); // released with the channel
        return work.run();
      }
    } catch (IOException e) {
      throw PodkitException.io(what, e);
    } finally {
      THREADS.unlock();
    }
  }
}
