package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.NamesJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Hosts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod host rm}. */
@Command(
    name = "rm",
    description = "Take hosts out of the inventory; nothing is changed there.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod host rm hostb"})
public final class HostRmCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "HOST", arity = "1..*", description = "Hosts to forget.")
  List<String> names = new ArrayList<>();

  public HostRmCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    Hosts hosts = context.migrations().hosts();
    for (String name : names) {
      hosts.remove(name);
    }
    if (output.json()) {
      Json.print(context.out(), NamesJson.of(names));
    } else {
      names.forEach(context.out()::println);
    }
    return 0;
  }
}
