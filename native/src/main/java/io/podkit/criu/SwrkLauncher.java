package io.podkit.criu;

import io.podkit.linux.SpawnSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * How a CRIU worker is started: by itself, or by a helper that prepares things and then becomes or
 * watches it.
 */
@FunctionalInterface
public interface SwrkLauncher {

  /**
   * What the worker finds when it starts. The descriptors are passed on by whoever spawns it.
   *
   * @param criu the program to end up as {@code criu swrk SOCKET}
   * @param socket the number of the socket to serve; helpers must keep it open
   * @param keep further numbers that helpers must keep open: the page server's socket
   * @param log a file for what is said before CRIU has its own log; standard error leads there
   */
  record Plan(Path criu, int socket, List<Integer> keep, Path log) {
    /** Copies the list. */
    public Plan {
      keep = List.copyOf(keep);
    }
  }

  /** The program and arguments to start; what it says on standard output is the caller's. */
  SpawnSpec command(Plan plan);

  /** CRIU itself, in a session of its own. */
  static SwrkLauncher direct() {
    return plan -> SpawnSpec.of(plan.criu(), "swrk", plan.socket()).newSession();
  }
}
