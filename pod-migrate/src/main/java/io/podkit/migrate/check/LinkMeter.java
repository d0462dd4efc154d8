package io.podkit.migrate.check;

import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.policy.Abilities.Ability;
import java.util.Set;

/** Measures the link to a target's agent as a migration would use it. */
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
   * @param bytesPerSecond page contents a second, compression included
   * @param abilities what the target announced
   */
  record Link(long bytesPerSecond, Set<Ability> abilities) {
    public Link {
      abilities = Set.copyOf(abilities);
    }
  }
}
