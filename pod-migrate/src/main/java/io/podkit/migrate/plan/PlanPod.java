package io.podkit.migrate.plan;

import java.util.Map;

/**
 * A pod that has to go, as the planner sees it.
 *
 * @param name its name
 * @param memoryBytes memory that its processes hold
 * @param cpus processor time it was promised, in processors; 0 without a limit
 * @param diskBytes what its own files take
 * @param labels see {@link io.podkit.migrate.api.PodLabels}
 * @param layers digests of the layers it stands on, with the bytes of their files
 * @param obstacle why it can go nowhere; empty if nothing is in its way
 * @param cure what the user can do about that; may be empty
 * @param failed hosts to which its move has failed, each with the reason: they are not tried again
 */
public record PlanPod(
    String name,
    long memoryBytes,
    double cpus,
    long diskBytes,
    Map<String, String> labels,
    Map<String, Long> layers,
    String obstacle,
    String cure,
    Map<String, String> failed) {
  public PlanPod {
    labels = Map.copyOf(labels);
    layers = Map.copyOf(layers);
    failed = Map.copyOf(failed);
  }
}
