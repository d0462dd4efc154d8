package io.podkit.migrate.engine;

import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.memory.policy.Abilities;
import io.podkit.migrate.memory.policy.StrategyChoice;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What this engine can do with memory. By now it is stop-and-copy, as CRIU writes it: whatever else
 * is asked for is refused, never ignored.
 */
final class EngineAbilities {
  private EngineAbilities() {}

  /**
   * The strategy of that migration.
   *
   * @throws PodkitException UNSUPPORTED, naming what cannot be done
   */
  static StrategyChoice choose(MigrationRequest request) throws PodkitException {
    Abilities abilities =
        new Abilities(
            Abilities.NO_TRACKER,
            "this version tracks no memory",
            Set.of(),
            EnumSet.allOf(Abilities.Ability.class), // it is not the target that lacks them
            request.host());
    StrategyChoice choice = StrategyChoice.of(request.memory().strategy(), abilities);
    refuse(optionsForRounds(request.memory()), "makes no rounds");
    refuse(optionsForPages(request.memory()), "sends memory as CRIU writes it");
    return choice;
  }

  private static void refuse(List<String> options, String why) throws PodkitException {
    if (!options.isEmpty()) {
      String names = String.join(", ", options);
      throw PodkitException.unsupported(
          names + " cannot be kept: this version moves memory by stop-copy and " + why,
          new Hint("leave out " + names));
    }
  }

  private static List<String> optionsForRounds(MemoryOptions memory) {
    List<String> options = new ArrayList<>();
    if (!memory.downtimeLimit().equals(MemoryOptions.DEFAULT_DOWNTIME_LIMIT)) {
      options.add("--downtime-limit");
    }
    if (memory.maxRounds() != MemoryOptions.DEFAULT_MAX_ROUNDS) {
      options.add("--max-rounds");
    }
    if (memory.autoConverge()) {
      options.add("--auto-converge");
    }
    return options;
  }

  private static List<String> optionsForPages(MemoryOptions memory) {
    List<String> options = new ArrayList<>();
    if (memory.channels().isPresent()) {
      options.add("--channels");
    }
    if (memory.compression() == Compression.LZ4 || memory.compression() == Compression.ZSTD) {
      options.add("--compress");
    }
    if (memory.verify()) {
      options.add("--verify");
    }
    return options;
  }
}
