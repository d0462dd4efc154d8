package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.Attendance;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod start}. */
@Command(
    name = "start",
    description = "Run the command of pods that were created or have ended.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      ExitText.NOT_EXECUTABLE,
      ExitText.COMMAND_NOT_FOUND
    },
    footer = {"  pod start web db", "  pod start --attach job"})
public final class StartCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-a", "--attach"},
      description = "Follow the one pod in the foreground; its exit status is ours.")
  boolean attach;

  @Parameters(paramLabel = "POD", arity = "1..*", description = "Pods to start.")
  List<String> names = new ArrayList<>();

  public StartCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    if (!attach) {
      return EachPod.apply(context, names, output.json(), Pods::start);
    }
    if (names.size() != 1) {
      throw PodkitException.usage("--attach follows one pod, not " + names.size());
    }
    Pods pods = context.runtime().pods();
    PodName name = Typed.pod(names.get(0));
    try (Attendance attendance = pods.attend(name)) {
      PodStatus pod = pods.start(name);
      return new Foreground(context).attend(pods, pod.spec(), attendance, false);
    }
  }
}
