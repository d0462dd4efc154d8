package io.podkit.migrate.api;

import java.util.Map;

/**
 * A pod as its host tells others of it.
 *
 * @param name its name
 * @param id the same on every host
 * @param state its state, in lower case
 * @param running whether it has processes there, or is about to
 * @param source its image or root directory; empty if it has neither
 * @param address its IPv4 address; empty if it has none
 * @param memoryBytes memory that is charged to it, 0 if it does not run
 * @param cpus processor time it was promised, in processors; 0 without a limit
 * @param labels the user's, see {@link PodLabels}
 */
public record HostPod(
    String name,
    String id,
    String state,
    boolean running,
    String source,
    String address,
    long memoryBytes,
    double cpus,
    Map<String, String> labels) {
  public HostPod {
    labels = Map.copyOf(labels);
  }
}
