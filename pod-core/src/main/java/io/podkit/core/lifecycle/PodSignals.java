package io.podkit.core.lifecycle;

import io.podkit.core.store.InitProcess;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Sends signals into a pod. The kill(1) program does it: a start of the FFI library costs more than
 * a fork.
 */
final class PodSignals {
  static final int SIGKILL = 9;
  static final int SIGTERM = 15;
  static final int SIGWINCH = 28;

  /**
   * HUP, INT, QUIT, USR1, USR2, TERM, WINCH: pod-init passes these on to the command, and dies of
   * KILL.
   */
  private static final Set<Integer> FOR_INIT = Set.of(1, 2, 3, SIGKILL, 10, 12, SIGTERM, SIGWINCH);

  private PodSignals() {}

  /** Sends {@code signal} to the pod's command. */
  static void toCommand(InitProcess init, int signal) throws PodkitException {
    send(FOR_INIT.contains(signal) ? init.pid() : firstChild(init), signal);
  }

  static void send(long pid, int signal) throws PodkitException {
    Command.of("kill", "-" + signal, pid)
        .runOrThrow("cannot send signal " + signal + " to process " + pid);
  }

  private static long firstChild(InitProcess init) throws PodkitException {
    String pid = Long.toString(init.pid());
    try {
      String children = Files.readString(Path.of("/proc", pid, "task", pid, "children")).trim();
      if (children.isEmpty()) {
        throw PodkitException.conflict("the pod's command has ended");
      }
      return Long.parseLong(children.split(" ", -1)[0]);
    } catch (IOException e) {
      throw PodkitException.io("cannot find the pod's command", e);
    }
  }
}
