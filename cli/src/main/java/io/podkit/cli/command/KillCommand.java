package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.linux.SignalName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod kill}. */
@Command(
    name = "kill",
    description = "Send a signal to the command of each pod.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod kill web", "  pod kill --signal HUP proxy"})
public final class KillCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-s", "--signal"},
      paramLabel = "SIGNAL",
      description = "Name or number (default KILL).")
  String signal = "KILL";

  @Parameters(paramLabel = "POD", arity = "1..*", description = "Pods to signal.")
  List<String> names = new ArrayList<>();

  public KillCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    int number = Typed.value("--signal", signal, SignalName::parse);
    return EachPod.apply(context, names, output.json(), (pods, name) -> pods.kill(name, number));
  }
}
