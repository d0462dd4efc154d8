package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.HostsTable;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.HostJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pod host ls}. */
@Command(
    name = "ls",
    description = {
      "List the hosts of the inventory, and what each says of itself.",
      "A host that does not answer is listed as unreachable; that is no failure of this command."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod host ls", "  pod host ls -q", "  pod host ls -o json"})
public final class HostLsCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-q", "--quiet"},
      description = "Names only; asks nobody.")
  boolean quiet;

  public HostLsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    Hosts hosts = context.migrations().hosts();
    List<KnownHost> known = hosts.list();
    if (quiet) {
      known.forEach(host -> context.out().println(host.name()));
      return 0;
    }
    List<HostAnswer> answers = hosts.statuses(known);
    if (output.json()) {
      Json.print(context.out(), HostJson.ListOf.of(answers));
    } else {
      HostsTable.print(context.out(), answers);
    }
    return 0;
  }
}
