package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.migrate.lock.HostLock;
import java.nio.file.Path;

/**
 * The right to freeze a pod of this host now: there is one for each two processors. CRIU's dump,
 * the last pages and their encryption keep about that many busy, and pods that are frozen at the
 * same time on fewer stand still for as long as all of them take, whatever links they use.
 */
final class FreezeTurn {
  private FreezeTurn() {}

  /**
   * Waits for one. The caller closes it.
   *
   * @param run the host's run directory
   * @param processors of this host
   * @param cancel ends the wait
   */
  static HostLock take(Path run, int processors, CancelSwitch cancel) throws PodkitException {
    int turns = Math.max(1, processors / 2);
    while (true) {
      cancel.check();
      for (int i = 0; i < turns; i++) {
        HostLock turn = HostLock.tryTake(run.resolve("freezes").resolve(i + ".lock"));
        if (turn != null) {
          return turn;
        }
      }
      HostLock.pause("freeze a pod");
    }
  }
}
