package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.resource.HostLock;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The turn on the link to one target: from the first round of memory until the pod runs there only
 * one migration of this host has it, in whatever process, so that none makes another's pod stand
 * still longer. It is taken before the rounds, not before the freeze: a pod that had to wait in
 * between would write over what was sent.
 */
final class LinkTurn {
  private LinkTurn() {}

  /**
   * Waits for the turn. The caller closes it.
   *
   * @param run the host's run directory
   * @param cancel ends the wait
   * @param phases hears that it has to wait
   */
  static HostLock take(Path run, AgentAddress agent, CancelSwitch cancel, PhaseClock phases)
      throws PodkitException {
    Path file = run.resolve("links").resolve(name(agent) + ".lock");
    HostLock turn = HostLock.tryTake(file);
    if (turn == null) {
      phases.notice("another pod is on its way to " + agent + "; this one waits for its turn");
    }
    while (turn == null) {
      cancel.check();
      HostLock.pause("have the link to " + agent);
      turn = HostLock.tryTake(file);
    }
    return turn;
  }

  private static String name(AgentAddress agent) {
    return agent.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "_");
  }
}
