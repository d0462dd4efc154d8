package io.podkit.migrate.transport;

import java.util.Set;

/**
 * What this host says about itself when a conversation opens.
 *
 * @param podkitVersion release, for people
 * @param capabilities optional parts of the protocol that it can do
 */
public record Greeting(String podkitVersion, Set<String> capabilities) {

  /** Copies the set. */
  public Greeting {
    capabilities = Set.copyOf(capabilities);
  }
}
