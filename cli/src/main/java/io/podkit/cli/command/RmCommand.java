package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.TimeSpan;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod rm}. */
@Command(
    name = "rm",
    description = "Remove pods, their files and their records.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod rm web", "  pod rm -f web db", "  pod rm -f -t 0 stuck"})
public final class RmCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-f", "--force"},
      description = "Stop pods that run.")
  boolean force;

  @Option(
      names = {"-t", "--time"},
      paramLabel = "SECONDS",
      description =
          "With -f, how long to wait after a pod's stop signal before SIGKILL (default 10).")
  String time = "10";

  @Parameters(paramLabel = "POD", arity = "1..*", description = "Pods to remove.")
  List<String> names = new ArrayList<>();

  public RmCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    Duration grace = Typed.value("--time", time, TimeSpan::parse);
    return EachPod.apply(
        context, names, output.json(), (pods, name) -> pods.remove(name, force, grace));
  }
}
