package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.HostDetailJson;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pod host inspect}. */
@Command(
    name = "inspect",
    description = "Print all that hosts say of themselves, as JSON.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.PEER
    },
    footer = {"  pod host inspect hostb", "  pod host inspect hosta hostb"})
public final class HostInspectCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "HOST", arity = "1..*", description = "Hosts to ask.")
  List<String> names = new ArrayList<>();

  public HostInspectCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    Hosts hosts = context.migrations().hosts();
    List<HostDetailJson> details = new ArrayList<>();
    for (String name : names) {
      KnownHost host = hosts.find(name);
      details.add(HostDetailJson.of(host, hosts.status(host)));
    }
    Json.print(context.out(), details);
    return 0;
  }
}
