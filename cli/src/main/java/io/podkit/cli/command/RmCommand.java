package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
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
    footer = {"  pod rm web", "  pod rm -f web db"})
public final class RmCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-f", "--force"},
      description = "Kill pods that run.")
  boolean force;

  @Parameters(paramLabel = "POD", arity = "1..*", description = "Pods to remove.")
  List<String> names = new ArrayList<>();

  public RmCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    return EachPod.apply(context, names, output.json(), (pods, name) -> pods.remove(name, force));
  }
}
