package io.podkit.resource;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A lock that is held across threads and processes, and given back by the kernel when its holder
 * dies. Closed from whichever thread.
 *
 * <p>Record locks of fcntl(2) belong to a process and vanish when it closes any descriptor of the
 * file; so a set says which are held within this JVM, and a held lock's file is never opened again.
 */
public final class HostLock implements AutoCloseable {
  private static final Duration RETRY = Duration.ofMillis(20);
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private HostLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** The lock, or null if somebody holds it. */
  public static @Nullable HostLock tryTake(Path file) throws PodkitException {
    if (!HELD.add(file)) {
      return null;
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent(), "parent of " + file));
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      taken = lock != null;
      return taken ? new HostLock(file, channel) : null;
    } catch (IOException e) {
      throw PodkitException.io("cannot lock " + file, e);
    } finally {
      if (!taken) {
        closeQuietly(channel);
        HELD.remove(file);
      }
    }
  }

  /**
   * Waits for the lock.
   *
   * @param what the operation, for the message: "change the inventory"
   * @throws PodkitException CONFLICT if it is still held after {@code patience}
   */
  public static HostLock take(Path file, Duration patience, String what) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      HostLock lock = tryTake(file);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw PodkitException.conflict("cannot " + what + ": another command is at it");
      }
      pause(what);
    }
  }

  /** Rests before the next try. */
  public static void pause(String what) throws PodkitException {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while waiting to " + what);
    }
  }

  /** Nothing was locked yet, and what made this necessary is thrown already. */
  private static void closeQuietly(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      return;
    }
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
