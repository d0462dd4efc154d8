package io.podkit.core.store;

import io.podkit.core.api.ContainerRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container in its engine's words: enough to end it, and to let it run on, without looking at it.
 *
 * @param ref which
 * @param command how the engine is called: the program and its global options
 * @param kept places of the volumes that the engine keeps: what is left of them is its business
 * @param cable this host's end of its network, or null without one
 */
public record EngineContainer(
    ContainerRef ref, List<String> command, List<String> kept, @Nullable String cable) {
  public EngineContainer {
    command = List.copyOf(command);
    kept = List.copyOf(kept);
  }
}
