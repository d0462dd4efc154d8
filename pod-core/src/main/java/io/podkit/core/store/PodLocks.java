package io.podkit.core.store;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.resource.HostLock;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One lock for each pod, held across processes and given back by the kernel when its holder dies.
 * That is how a reader of a LEAVING record knows whether somebody is still at work on it.
 */
public final class PodLocks {
  private final Path directory;

  public PodLocks(HostDirs dirs) {
    directory = dirs.run().resolve("locks");
  }

  /**
   * Waits for the pod's lock.
   *
   * @throws PodkitException of kind CONFLICT if it is still held after {@code patience}
   */
  public HostLock acquire(PodName name, Duration patience) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      HostLock held = tryAcquire(name);
      if (held != null) {
        return held;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw PodkitException.of(
            ErrorKind.CONFLICT,
            "pod " + name + " is being changed by another command",
            new Hint("wait until it is finished; pod ps -a shows what state the pod is in"));
      }
      HostLock.pause("change pod " + name);
    }
  }

  /** The pod's lock, or null if somebody holds it. */
  public @Nullable HostLock tryAcquire(PodName name) throws PodkitException {
    return HostLock.tryTake(directory.resolve(name.value() + ".lock"));
  }
}
