package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.PodJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodName;
import io.podkit.core.api.Pods;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod inspect}. */
@Command(
    name = "inspect",
    description = "Print all that is known of pods, as a JSON array; -o json changes nothing.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod inspect web", "  pod inspect web | jq -r '.[0].address.ipv4'"})
public final class InspectCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "POD", arity = "1..*", description = "Pods to show.")
  List<String> names = new ArrayList<>();

  public InspectCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    Pods pods = context.runtime().pods();
    List<PodJson> shown = new ArrayList<>();
    for (PodName name : Typed.pods(names)) {
      shown.add(PodJson.of(pods.status(name)));
    }
    Json.print(context.out(), shown);
    return 0;
  }
}
