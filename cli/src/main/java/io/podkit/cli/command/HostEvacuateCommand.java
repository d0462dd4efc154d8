package io.podkit.cli.command;

import io.podkit.cli.console.EvacuationTable;
import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.EvacuationOrders;
import io.podkit.cli.json.EvacuationJson;
import io.podkit.cli.option.EvacuationOptions;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.EvacuationStatus.State;
import io.podkit.migrate.api.Evacuations;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.PodMove.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod host evacuate}. */
@Command(
    name = "evacuate",
    description = {
      "Move all running pods of a host to others, and have it accept none.",
      "The host itself does it: Ctrl-C and the end of this command stop only watching, --cancel stops"
          + " the moving. Repeated, it watches on, or takes up what is left; on an empty host it does"
          + " nothing. Exit status 0 means that none of the pods that were meant runs there any more;"
          + " else each pod that is left is named with the reason and the cure. Pods that do not run"
          + " stay."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      ExitText.PEER,
      ExitText.CANCELLED,
      ExitText.TIMEOUT,
      ExitText.LEFT
    },
    footer = {
      "  pod host evacuate --dry-run hosta",
      "  pod host evacuate hosta --to hostb --to hostc --yes",
      "  pod host evacuate hosta --selector tier=web --deadline 10m --yes -o json",
      "  pod host evacuate hosta --cancel"
    })
public final class HostEvacuateCommand implements Callable<Integer> {
  private final Context context;

  @Mixin EvacuationOptions options = new EvacuationOptions();
  @Mixin OutputOption output = new OutputOption();

  @Option(names = "--dry-run", description = "Only say where each pod would go, and why.")
  boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask; without a terminal it is needed.")
  boolean yes;

  @Option(names = "--cancel", description = "Move no more: pods that have not moved stay.")
  boolean cancel;

  @Parameters(paramLabel = "HOST", description = "Host to empty.")
  String name = "";

  public HostEvacuateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    Hosts hosts = context.migrations().hosts();
    Evacuations evacuations = context.migrations().evacuations();
    KnownHost host = hosts.find(name);
    if (cancel) {
      return cancel(evacuations, host);
    }
    EvacuationOrder order = EvacuationOrders.of(options, host, hosts);
    boolean underWay = !dryRun && evacuations.status(host).state() == State.RUNNING;
    if (!underWay) {
      EvacuationStatus plan = evacuations.order(host, EvacuationOrders.dryRun(order));
      if (dryRun) {
        return show(plan, plan.count(Step.LEFT) == 0);
      }
      if (plan.count(Step.WAITING) > 0 && !yes) {
        ask(plan);
      }
    }
    EvacuationStatus begun = evacuations.order(host, order);
    if (!begun.state().isUnderWay()) {
      return show(begun, begun.state() == State.DONE);
    }
    EvacuationWatch.Seen seen = new EvacuationWatch(context, evacuations).follow(host);
    if (!seen.ended()) {
      context
          .err()
          .println(
              "not watched any more; it goes on. To stop it: pod host evacuate "
                  + host.name()
                  + " --cancel");
    }
    return show(seen.status(), seen.ended() && seen.status().state() == State.DONE);
  }

  private Integer cancel(Evacuations evacuations, KnownHost host)
      throws PodkitException, InterruptedException {
    EvacuationStatus now = evacuations.cancel(host);
    if (!now.state().isUnderWay()) {
      return show(now, true);
    }
    EvacuationWatch.Seen seen = new EvacuationWatch(context, evacuations).follow(host);
    return show(seen.status(), seen.ended());
  }

  private int show(EvacuationStatus status, boolean good) {
    if (output.json()) {
      Json.print(context.out(), EvacuationJson.of(status));
    } else {
      EvacuationTable.print(context.out(), status);
    }
    if (good) {
      return 0;
    }
    return switch (status.state()) {
      case CANCELLED -> ExitCode.CANCELLED.code();
      case TIMED_OUT -> ExitCode.TIMEOUT.code();
      default -> ExitCode.LEFT.code();
    };
  }

  private void ask(EvacuationStatus plan) throws PodkitException {
    if (!context.terminal().isInput() || !context.terminal().isError()) {
      throw PodkitException.of(
          ErrorKind.USAGE,
          "nobody can be asked whether the pods of host " + plan.host() + " are to move",
          new Hint("say --yes, or look first with --dry-run"));
    }
    EvacuationTable.print(context.err(), plan);
    context.err().print("Move " + plan.count(Step.WAITING) + " pods? [y/N] ");
    context.err().flush();
    if (!answer().strip().toLowerCase(Locale.ROOT).startsWith("y")) {
      throw PodkitException.cancelled("nothing was moved");
    }
  }

  private String answer() throws PodkitException {
    byte[] typed = new byte[64];
    try {
      int count = context.streams().in().read(typed);
      return count <= 0 ? "" : new String(typed, 0, count, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw PodkitException.io("cannot read the answer", e);
    }
  }
}
