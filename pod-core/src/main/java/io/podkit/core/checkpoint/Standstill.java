package io.podkit.core.checkpoint;

import io.podkit.core.api.PodName;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Stops a pod at a moment when its servers have accepted every connection. CRIU cannot carry one
 * that the kernel has finished and nobody has accepted, and a busy server always has some: the
 * pod's cable is to be out, so that no new ones come from outside, and those within the pod get a
 * moment.
 */
final class Standstill {
  private static final Duration AT_ONCE = Duration.ofMillis(20);

  /** Its clients wait this long at most, and only where a server is behind. */
  private static final Duration AT_FULL_SPEED = Duration.ofMillis(200);

  private final Path podInit;
  private final PodName pod;
  private final long init;
  private final PodCgroup cgroup;

  /**
   * @param init host pid of the pod's first process
   */
  Standstill(Path podInit, PodName pod, long init, PodCgroup cgroup) {
    this.podInit = podInit;
    this.pod = pod;
    this.init = init;
    this.cgroup = cgroup;
  }

  /** Gives the pod all of the host's processors. */
  @FunctionalInterface
  interface Lift {
    void run() throws PodkitException;
  }

  /**
   * Returns when the pod stands still, or, where CRIU itself has to stop it, when it may.
   *
   * @param lift what keeps it from accepting: it may be throttled
   * @throws PodkitException CONFLICT if its servers do not accept what waits; it runs then, perhaps
   *     without its limits
   */
  void reach(Lift lift) throws PodkitException {
    if (attempt(AT_ONCE).isEmpty()) {
      return;
    }
    lift.run();
    List<String> behind = attempt(AT_FULL_SPEED);
    if (!behind.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "pod " + pod + " has connections that it does not accept: " + describe(behind),
          new Hint("try again when its server answers; CRIU cannot carry such connections"));
    }
  }

  private List<String> attempt(Duration patience) throws PodkitException {
    List<String> words =
        new ArrayList<>(
            List.of(
                podInit.toString(),
                "freeze",
                "--pid",
                Long.toString(init),
                "--wait",
                Long.toString(patience.toMillis())));
    Path group = cgroup.freezerForCriu();
    if (group != null) {
      words.addAll(List.of("--cgroup", group.toString()));
    }
    return Command.of(words).runOrThrow("cannot stop pod " + pod).lines();
  }

  /** From lines of port and number. */
  static String describe(List<String> behind) {
    return behind.stream()
        .map(line -> line.split(" ", 2))
        .map(fields -> fields[1] + " on port " + fields[0])
        .collect(Collectors.joining(", "));
  }
}
