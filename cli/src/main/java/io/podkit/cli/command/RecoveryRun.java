package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.Table;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.RecoveryJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One recovery, for the commands that are one. */
final class RecoveryRun {
  private RecoveryRun() {}

  /**
   * Recovers and prints what became of it.
   *
   * @param only one pod, whose memory is then given away if its new host needs it; or null for all
   * @return the exit code
   */
  static int run(
      Context context, OutputOption output, @Nullable PodName only, Recovery.@Nullable Owner assume)
      throws PodkitException {
    List<Recovery.Outcome> outcomes = recover(context, only, assume);
    if (output.json()) {
      Json.print(context.out(), RecoveryJson.of(outcomes));
    } else if (outcomes.isEmpty()) {
      context.out().println("nothing to recover");
    } else {
      print(context, outcomes);
    }
    boolean doubt =
        outcomes.stream().anyMatch(one -> one.action() == Recovery.Action.STILL_IN_DOUBT);
    return (doubt ? ExitCode.IN_DOUBT : ExitCode.OK).code();
  }

  private static List<Recovery.Outcome> recover(
      Context context, @Nullable PodName only, Recovery.@Nullable Owner assume)
      throws PodkitException {
    Recovery recovery = context.migrations().recovery();
    List<Recovery.Outcome> outcomes = new ArrayList<>(recovery.recover(only, assume));
    if (only != null && outcomes.removeIf(one -> one.action() == Recovery.Action.SERVING)) {
      context.err().println("giving pod " + only + "'s memory to the host where it runs");
      context.err().flush();
      recovery.serve(only);
      outcomes.add(
          new Recovery.Outcome(
              only, Recovery.Action.RELEASED, "its new host has all of its memory now"));
    }
    return outcomes;
  }

  private static void print(Context context, List<Recovery.Outcome> outcomes) {
    Table table = new Table("POD", "RESULT", "WHY");
    for (Recovery.Outcome outcome : outcomes) {
      String action = outcome.action().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      table.row(outcome.pod().value(), action, outcome.detail());
    }
    table.print(context.out());
  }
}
