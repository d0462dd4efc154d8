package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.HostsTable;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.HostJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod host cordon}. */
@Command(
    name = "cordon",
    description = {
      "Have a host accept no pods from others; those that are there stay.",
      "pod migrate --force passes over it. Pods can still be made there."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.PEER
    },
    footer = {"  pod host cordon hostb"})
public final class HostCordonCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "HOST", description = "Host that is to accept none.")
  String name = "";

  public HostCordonCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    Hosts hosts = context.migrations().hosts();
    KnownHost host = hosts.find(name);
    List<HostAnswer> answer =
        List.of(new HostAnswer(host, hosts.mark(host, HostMarks.cordon(true)), null));
    if (output.json()) {
      Json.print(context.out(), HostJson.ListOf.of(answer));
    } else {
      HostsTable.print(context.out(), answer);
    }
    return 0;
  }
}
