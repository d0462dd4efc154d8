package io.podkit.migrate.check;

import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.policy.Abilities.Ability;
import java.util.Set;

/** Measures the link to a target's agent: the network, and TLS on both hosts. */
@FunctionalInterface
public interface LinkMeter {
  /**
   * Sends something, and throws it away there.
   *
   * @throws PodkitException if the agent cannot be reached, or takes no such data
   */
  Link measure(String host, int port) throws PodkitException;

  /**
   * What was measured.
   *
   * @param bytesPerSecond what one connection carries: page contents a second that are not
   *     compressed
   * @param abilities what the target announced
   */
  record Link(long bytesPerSecond, Set<Ability> abilities) {
    public Link {
      abilities = Set.copyOf(abilities);
    }
  }
}
