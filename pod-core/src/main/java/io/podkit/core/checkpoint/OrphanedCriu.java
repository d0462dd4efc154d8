package io.podkit.core.checkpoint;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A CRIU whose command has died. It gives up by itself as soon as it wants to ask that command
 * something, and lets go of the pod's processes or destroys what it had made of them; until it has
 * ended nobody knows which.
 */
final class OrphanedCriu {
  private static final Duration POLL = Duration.ofMillis(5);
  private static final Path PROC = Path.of("/proc");

  private OrphanedCriu() {}

  /**
   * Waits until no CRIU is at work in that directory.
   *
   * @param criu the program
   * @param work where its logs are: it has them open to its end
   * @throws PodkitException TIMEOUT if it still is after {@code patience}
   */
  static void awaitEnd(Path criu, Path work, Duration patience) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (isAtWork(criu, work)) {
      if (System.nanoTime() - deadline >= 0) {
        throw PodkitException.timeout(
            "CRIU is still at work in " + work + " after " + patience.toSeconds() + " s");
      }
      pause();
    }
  }

  private static boolean isAtWork(Path criu, Path work) throws PodkitException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      Path real = work.toRealPath(); // as the kernel names what is open
      for (Path process : processes) {
        if (isSame(process.resolve("exe"), criu) && hasOpen(process.resolve("fd"), real)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw PodkitException.io("cannot look for CRIU's processes", e);
    }
  }

  private static boolean isSame(Path executable, Path criu) {
    try {
      return Files.isSameFile(executable, criu);
    } catch (IOException e) {
      return false; // it has just ended, or is the kernel's
    }
  }

  private static boolean hasOpen(Path descriptors, Path work) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : open) {
        if (Files.readSymbolicLink(descriptor).startsWith(work)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // it has just ended
    }
  }

  private static void pause() throws PodkitException {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while waiting for CRIU");
    }
  }
}
