package io.podkit.migrate.plan;

import java.util.Map;
import java.util.Set;

/**
 * A host that may take pods, as the planner sees it.
 *
 * @param name its name
 * @param memoryBytes all of its memory
 * @param memoryFree what can be given out
 * @param cpus its processors
 * @param cpusFree those that no pod there was promised; may be below 0
 * @param diskBytes size of the disk where pods' files lie
 * @param diskFree what is free there
 * @param labels its own
 * @param layers digests of the layers it has
 * @param groups values of the anti-affinity label among its pods
 * @param pods names of its pods, running or not
 * @param objection why it takes no pod at all; empty if it does
 * @param cure what the user can do about that; may be empty
 */
public record PlanHost(
    String name,
    long memoryBytes,
    long memoryFree,
    int cpus,
    double cpusFree,
    long diskBytes,
    long diskFree,
    Map<String, String> labels,
    Set<String> layers,
    Set<String> groups,
    Set<String> pods,
    String objection,
    String cure) {
  public PlanHost {
    labels = Map.copyOf(labels);
    layers = Set.copyOf(layers);
    groups = Set.copyOf(groups);
    pods = Set.copyOf(pods);
  }

  /** A host of which nothing is known but why it takes nothing. */
  public static PlanHost objecting(String name, String objection, String cure) {
    return new PlanHost(
        name, 0, 0, 0, 0, 0, 0, Map.of(), Set.of(), Set.of(), Set.of(), objection, cure);
  }
}
