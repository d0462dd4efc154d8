package io.podkit.core.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import io.podkit.core.api.RemoteMemory;
import io.podkit.core.store.Json;
import io.podkit.error.PodkitException;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What says that memory of a pod is still on the host it came from: a file in the pod's directory,
 * which whoever fetches that memory keeps locked. So its death is seen at once.
 */
public final class BorrowedMemory implements AutoCloseable {
  private static final String FILE = "borrowed-memory.json";

  /** Who only looks holds the lock for a moment. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Path file;
  private final Fd lock;

  private BorrowedMemory(Path file, Fd lock) {
    this.file = file;
    this.lock = lock;
  }

  /** What the file says. */
  private record Note(String source) {}

  /**
   * Writes the note, durably, and locks it.
   *
   * @param directory the pod's
   * @param source the host that has the memory
   */
  public static BorrowedMemory note(PodName pod, Path directory, String source)
      throws PodkitException {
    ObjectMapper json = Json.mapper();
    try {
      DurableFile.write(directory.resolve(FILE), json.writeValueAsBytes(new Note(source)));
    } catch (IOException e) {
      throw PodkitException.io("cannot note where memory of pod " + pod + " is", e);
    }
    return claim(pod, directory);
  }

  /**
   * Locks what was noted.
   *
   * @throws PodkitException CONFLICT if somebody else fetches that memory, or nothing is borrowed
   */
  public static BorrowedMemory claim(PodName pod, Path directory) throws PodkitException {
    Path file = directory.resolve(FILE);
    Syscalls syscalls = JnrSyscalls.load();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      if (!Files.exists(file)) {
        throw allIsHere(pod);
      }
      Fd lock = syscalls.open(PathAt.of(file), Set.of(OpenFlag.READ), 0);
      try {
        while (!syscalls.tryLock(lock, true)) {
          if (System.nanoTime() - deadline >= 0) {
            throw PodkitException.conflict(
                "the memory of pod " + pod + " is being fetched already");
          }
          Thread.sleep(PAUSE.toMillis());
        }
        if (!Files.exists(file)) {
          throw allIsHere(pod); // whoever had the lock has got the rest
        }
        return new BorrowedMemory(file, lock);
      } catch (PodkitException | IOException | InterruptedException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw isGone(e) ? allIsHere(pod) : PodkitException.io("cannot lock " + file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the wait for " + file + " was interrupted");
    }
  }

  private static PodkitException allIsHere(PodName pod) {
    return PodkitException.conflict("pod " + pod + " has all of its memory");
  }

  /** Whether a note is there. */
  public static boolean isNoted(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /** What a pod's directory says; null if nothing is borrowed. */
  static @Nullable RemoteMemory look(Path directory, ObjectMapper json) throws PodkitException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return null; // nearly always, and it costs least
    }
    Syscalls syscalls = JnrSyscalls.load();
    try {
      Note note = json.readValue(Files.readAllBytes(file), Note.class);
      try (Fd lock = syscalls.open(PathAt.of(file), Set.of(OpenFlag.READ), 0)) {
        return new RemoteMemory(note.source(), !syscalls.tryLock(lock, false));
      }
    } catch (IOException e) {
      if (isGone(e)) {
        return null; // all of it came a moment ago
      }
      throw PodkitException.io("cannot look at " + file, e);
    }
  }

  private static boolean isGone(IOException e) {
    return e instanceof NoSuchFileException
        || (e instanceof ErrnoException failed && failed.is(Errno.ENOENT));
  }

  /** Nothing is borrowed any more. */
  public void settle() throws PodkitException {
    delete(file);
  }

  /** The pod has no processes any more, which could want any memory. */
  static void forget(Path directory) throws PodkitException {
    delete(directory.resolve(FILE));
  }

  private static void delete(Path file) throws PodkitException {
    try {
      DurableFile.delete(file);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + file, e);
    }
  }

  /** Unlocks it. */
  @Override
  public void close() throws PodkitException {
    try {
      lock.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot unlock " + file, e);
    }
  }
}
