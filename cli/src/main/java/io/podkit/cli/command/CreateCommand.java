package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.PodSpecs;
import io.podkit.cli.json.PodJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.cli.option.PodOptions;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodStatus;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod create}. */
@Command(
    name = "create",
    description = "Make a pod and print its id; pod start runs it.",
    exitCodeOnInvalidInput = ExitCode.NOT_RUN_CODE,
    exitCodeOnExecutionException = ExitCode.NOT_RUN_CODE,
    exitCodeList = {ExitText.OK, ExitText.NOT_RUN},
    footer = {"  pod create --name web --image nginx", "  pod start web"})
public final class CreateCommand implements Callable<Integer> {
  private final Context context;

  @Mixin PodOptions options = new PodOptions();
  @Mixin OutputOption output = new OutputOption();

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "Program and arguments; without them the image's own.")
  List<String> command = new ArrayList<>();

  public CreateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    PodSpec spec = PodSpecs.of(options, command, context.environment());
    PodStatus created = context.runtime().pods().create(spec);
    if (output.json()) {
      Json.print(context.out(), PodJson.of(created));
    } else {
      context.out().println(created.id());
    }
    return 0;
  }
}
