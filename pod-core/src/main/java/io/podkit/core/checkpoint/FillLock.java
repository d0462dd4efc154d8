package io.podkit.core.checkpoint;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What keeps a pod from being dumped while pages of it are still to come: a lock that the filler
 * holds in the pod's directory until all are there. A dump would take missing pages for zeros.
 */
final class FillLock {
  private static final String FILE = "fill.lock";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private FillLock() {}

  /**
   * Returns when no page is missing.
   *
   * @throws PodkitException CONFLICT if that takes too long
   */
  static void awaitFree(PodName pod, Path directory) throws PodkitException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return;
    }
    Syscalls syscalls = JnrSyscalls.load();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (Fd lock = syscalls.open(PathAt.of(file), Set.of(OpenFlag.READ), 0)) {
      while (!syscalls.tryLock(lock, false)) {
        if (System.nanoTime() - deadline >= 0) {
          throw PodkitException.of(
              ErrorKind.CONFLICT,
              "pod " + pod + " has not got all of its memory yet, since it moved here",
              new Hint("try again when 'pod ps' says that it runs"));
        }
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot look at " + file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the wait for pod " + pod + "'s memory was interrupted");
    }
  }
}
