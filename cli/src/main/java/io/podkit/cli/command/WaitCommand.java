package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.ExitJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod wait}. */
@Command(
    name = "wait",
    description = {
      "Wait until a pod has ended, print its exit status and end with it.",
      "With -o json the status is in the output only."
    },
    exitCodeOnInvalidInput = ExitCode.NOT_RUN_CODE,
    exitCodeOnExecutionException = ExitCode.NOT_RUN_CODE,
    exitCodeList = {ExitText.STATUS, ExitText.NOT_RUN},
    footer = {"  pod run -d --name job --image tool && pod wait job"})
public final class WaitCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "POD", description = "Pod to wait for.")
  String name = "";

  public WaitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    PodName pod = Typed.pod(name);
    int status = context.runtime().pods().waitFor(pod);
    if (output.json()) {
      Json.print(context.out(), ExitJson.of(pod.value(), status));
      return 0;
    }
    context.out().println(status);
    return status;
  }
}
