package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.HostsTable;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.HostJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod host label}. */
@Command(
    name = "label",
    description = {
      "Label a host, which keeps its labels itself; KEY- takes one away.",
      "Pods are spread over different values of chassis; a pod with the label"
          + " podkit.require.KEY=VALUE goes only to hosts that have KEY=VALUE."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.PEER
    },
    footer = {"  pod host label hostb chassis=c1 rack=r7", "  pod host label hostb rack-"})
public final class HostLabelCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(index = "0", paramLabel = "HOST", description = "Host to label.")
  String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "KEY=VALUE|KEY-",
      description = "Labels to set, or to take away.")
  List<String> changes = new ArrayList<>();

  public HostLabelCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<String> set = new ArrayList<>();
    List<String> unset = new ArrayList<>();
    for (String change : changes) {
      if (change.contains("=")) {
        set.add(change);
      } else if (change.endsWith("-")) {
        unset.add(change.substring(0, change.length() - 1));
      } else {
        throw PodkitException.usage("'" + change + "' is neither KEY=VALUE nor KEY-");
      }
    }
    HostMarks marks = Typed.combined(() -> HostMarks.labels(Typed.labels(set), unset));
    Hosts hosts = context.migrations().hosts();
    KnownHost host = hosts.find(name);
    List<HostAnswer> answer = List.of(new HostAnswer(host, hosts.mark(host, marks), null));
    if (output.json()) {
      Json.print(context.out(), HostJson.ListOf.of(answer));
    } else {
      HostsTable.print(context.out(), answer);
    }
    return 0;
  }
}
