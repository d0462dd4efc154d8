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
 * @param cpuQuota the processor limit that it had when we took it; null while it has its own
 */
public record EngineContainer(
    ContainerRef ref,
    List<String> command,
    List<String> kept,
    @Nullable String cable,
    @Nullable String cpuQuota) {
  public EngineContainer {
    command = List.copyOf(command);
    kept = List.copyOf(kept);
  }

  /** The same, its processor limit changed by us. */
  public EngineContainer throttled(String quota) {
    return new EngineContainer(ref, command, kept, cable, quota);
  }
}
