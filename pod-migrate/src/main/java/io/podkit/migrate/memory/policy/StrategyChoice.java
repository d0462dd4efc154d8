package io.podkit.migrate.memory.policy;

import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.memory.policy.Abilities.Ability;

/**
 * The strategy of one migration.
 *
 * @param strategy not AUTO
 * @param reason why
 */
public record StrategyChoice(Strategy strategy, String reason) {

  /**
   * Chooses.
   *
   * @throws PodkitException UNSUPPORTED if a strategy was asked for that one of the hosts cannot
   *     do, with the cause and a cure
   */
  public static StrategyChoice of(Strategy wanted, Abilities abilities) throws PodkitException {
    return wanted == Strategy.AUTO ? automatic(abilities) : explicit(wanted, abilities);
  }

  /**
   * Refuses what an engine's container cannot do: its engine, which takes it for running, could end
   * the frozen processes while the pod still needs their memory.
   *
   * @throws PodkitException UNSUPPORTED if memory would stay behind, with the cause and a cure
   */
  public static void requireForContainer(Strategy wanted) throws PodkitException {
    if (wanted.leavesMemoryBehind()) {
      throw PodkitException.unsupported(
          "no "
              + wanted.label()
              + " of a container: its engine could end it while its memory is still here",
          new Hint("leave --strategy out, or take pre-copy or stop-copy"));
    }
  }

  /** Whether both hosts could do that. */
  public static boolean isPossible(Strategy strategy, Abilities abilities) {
    return obstacle(strategy, abilities).isEmpty();
  }

  private static StrategyChoice automatic(Abilities abilities) {
    String obstacle = obstacle(Strategy.PRE_COPY, abilities);
    return obstacle.isEmpty()
        ? new StrategyChoice(
            Strategy.PRE_COPY,
            "dirty pages can be told by "
                + abilities.tracker()
                + " ("
                + abilities.trackerReason()
                + ") and both hosts send memory in rounds")
        : new StrategyChoice(Strategy.STOP_COPY, "no pre-copy: " + obstacle);
  }

  private static StrategyChoice explicit(Strategy wanted, Abilities abilities)
      throws PodkitException {
    String obstacle = obstacle(wanted, abilities);
    if (obstacle.isEmpty()) {
      return new StrategyChoice(wanted, "it was asked for");
    }
    throw PodkitException.unsupported(
        "no " + wanted.label() + " to " + abilities.target() + ": " + obstacle,
        new Hint(cure(wanted, abilities)));
  }

  /** Why it cannot be done; empty if it can. */
  private static String obstacle(Strategy strategy, Abilities abilities) {
    if (strategy.hasRounds() && !abilities.both(Ability.PAGE_ROUNDS)) {
      return abilities.lacking(Ability.PAGE_ROUNDS) + " cannot move memory in rounds";
    }
    if (strategy.leavesMemoryBehind() && !abilities.both(Ability.FAULT_CHANNEL)) {
      return abilities.lacking(Ability.FAULT_CHANNEL) + " cannot move memory behind a pod";
    }
    if (strategy != Strategy.STOP_COPY && !abilities.tracks()) {
      return "dirty pages cannot be told: " + abilities.trackerReason();
    }
    return "";
  }

  private static String cure(Strategy wanted, Abilities abilities) {
    if (wanted == Strategy.HYBRID && obstacle(Strategy.PRE_COPY, abilities).isEmpty()) {
      return "take --strategy pre-copy";
    }
    if (wanted.hasRounds() && abilities.both(Ability.PAGE_ROUNDS)) {
      return "take --strategy stop-copy, or a kernel that can track writes (6.7 or newer)";
    }
    return "leave --strategy out to have what both hosts can do, or update podkit where it is old";
  }
}
