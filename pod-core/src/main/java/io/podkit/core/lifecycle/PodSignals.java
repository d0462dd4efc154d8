package io.podkit.core.lifecycle;

import io.podkit.core.api.PodSpec;
import io.podkit.core.launch.PodTreePaths;
import io.podkit.core.store.InitProcess;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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
   * What pod-init would keep for itself, so it goes straight to the command: its own faults and
   * children (ILL, TRAP, BUS, FPE, SEGV, PIPE, CHLD, SYS), word about a window (WINCH), and what
   * would stop pod-init itself (STOP). All others it passes on, the real-time ones included; of
   * KILL it dies, and with it the pod.
   */
  private static final Set<Integer> NOT_FOR_INIT = Set.of(4, 5, 7, 8, 11, 13, 17, 19, SIGWINCH, 31);

  private static final Path INIT = Path.of(".pod", PodTreePaths.INIT);

  private PodSignals() {}

  /** The signal that asks a pod's command to end. */
  static int toStop(PodSpec spec) {
    return Objects.requireNonNullElse(spec.stopSignal(), SIGTERM);
  }

  /** Sends {@code signal} to the pod's command. */
  static void toCommand(InitProcess init, int signal) throws PodkitException {
    boolean past = NOT_FOR_INIT.contains(signal) && isPodInit(init);
    send(past ? firstChild(init) : init.pid(), signal);
  }

  /** Pid 1 of what was a container is the command itself, until the pod is started anew. */
  private static boolean isPodInit(InitProcess init) throws PodkitException {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(init.pid()), "exe"))
          .endsWith(INIT);
    } catch (IOException e) {
      throw PodkitException.io("cannot look at the pod's pid 1", e);
    }
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
