package io.podkit.migrate.memory.policy;

import java.util.Set;

/**
 * What this host and a target can do with memory.
 *
 * @param tracker the tracker that can tell this pod's dirty pages: {@code wp-async}, {@code none}
 * @param trackerReason why that one, or why there is none
 * @param here what this host can do as a source
 * @param there what the target announced
 * @param target the target's name, for messages
 */
public record Abilities(
    String tracker, String trackerReason, Set<Ability> here, Set<Ability> there, String target) {
  /** The tracker's name where there is none. */
  public static final String NO_TRACKER = "none";

  public Abilities {
    here = Set.copyOf(here);
    there = Set.copyOf(there);
  }

  /** One way to handle memory that a host may know. */
  public enum Ability {
    /** Scattered pages in rounds, kept by the target until the pod is built. */
    PAGE_ROUNDS,
    /** Pages on demand after the pod has left. */
    FAULT_CHANNEL
  }

  boolean tracks() {
    return !tracker.equals(NO_TRACKER);
  }

  boolean both(Ability ability) {
    return here.contains(ability) && there.contains(ability);
  }

  /** Who cannot: for messages. */
  String lacking(Ability ability) {
    if (here.contains(ability)) {
      return target;
    }
    return there.contains(ability) ? "this host" : "this host and " + target;
  }
}
