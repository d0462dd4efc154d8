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

/** {@code pod stop}. */
@Command(
    name = "stop",
    description =
        "Ask pods to end with their stop signal, SIGTERM unless they or their image name another,"
            + " and end them with SIGKILL if they do not.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod stop web", "  pod stop --time 60 db"})
public final class StopCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-t", "--time"},
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long to wait before SIGKILL (default 10).")
  String time = "10";

  @Parameters(paramLabel = "POD", arity = "1..*", description = "Pods to stop.")
  List<String> names = new ArrayList<>();

  public StopCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    Duration grace = Typed.value("--time", time, TimeSpan::parse);
    return EachPod.apply(context, names, output.json(), (pods, name) -> pods.stop(name, grace));
  }
}
