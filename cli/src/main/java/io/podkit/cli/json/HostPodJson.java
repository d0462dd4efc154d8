package io.podkit.cli.json;

import io.podkit.migrate.api.HostPod;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pod as its host tells of it.
 *
 * @param name its name
 * @param id the same on every host
 * @param state as in {@link PodSummaryJson}
 * @param running whether it has processes there
 * @param source its image or root directory
 * @param address its IPv4 address; empty without
 * @param memoryBytes memory that it uses
 * @param cpus processors it was promised; 0 without a limit
 * @param labels the user's
 */
public record HostPodJson(
    String name,
    String id,
    String state,
    boolean running,
    String source,
    String address,
    long memoryBytes,
    double cpus,
    Map<String, String> labels) {

  static HostPodJson of(HostPod pod) {
    return new HostPodJson(
        pod.name(),
        pod.id(),
        pod.state(),
        pod.running(),
        pod.source(),
        pod.address(),
        pod.memoryBytes(),
        pod.cpus(),
        new TreeMap<>(pod.labels()));
  }
}
