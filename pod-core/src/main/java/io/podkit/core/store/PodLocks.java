package io.podkit.core.store;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One lock for each pod, held across processes and given back by the kernel when its holder dies.
 * That is how a reader of a LEAVING record knows whether somebody is still at work on it.
 *
 * <p>Record locks of fcntl(2) belong to a process and vanish when it closes any descriptor of the
 * file; so within this JVM a set says which are held, and a held lock's file is never opened a
 * second time.
 */
public final class PodLocks {
  private static final Duration RETRY = Duration.ofMillis(20);
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;

  public PodLocks(HostDirs dirs) {
    directory = dirs.run().resolve("locks");
  }

  /**
   * Waits for the pod's lock.
   *
   * @throws PodkitException of kind CONFLICT if it is still held after {@code patience}
   */
  public Held acquire(PodName name, Duration patience) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Held held = tryAcquire(name);
      if (held != null) {
        return held;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw PodkitException.of(
            ErrorKind.CONFLICT,
            "pod " + name + " is being changed by another command",
            new Hint("wait until it is finished; pod ps -a shows what state the pod is in"));
      }
      sleep(name);
    }
  }

  /** The pod's lock, or null if somebody holds it. */
  public @Nullable Held tryAcquire(PodName name) throws PodkitException {
    Path file = directory.resolve(name.value() + ".lock");
    if (!HELD.add(file)) {
      return null;
    }
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new Held(file, channel);
      }
      channel.close();
    } catch (IOException e) {
      HELD.remove(file);
      closeQuietly(channel, e);
      throw PodkitException.io("cannot lock pod " + name, e);
    }
    HELD.remove(file);
    return null;
  }

  private static void closeQuietly(@Nullable FileChannel channel, IOException primary) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      primary.addSuppressed(e);
    }
  }

  private static void sleep(PodName name) throws PodkitException {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while waiting for pod " + name);
    }
  }

  /** A lock that is held until it is closed, from whichever thread. */
  public static final class Held implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private Held(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public void close() throws PodkitException {
      if (!channel.isOpen()) {
        return;
      }
      try {
        channel.close();
      } catch (IOException e) {
        throw PodkitException.io("cannot release " + file, e);
      } finally {
        HELD.remove(file);
      }
    }
  }
}
