package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.PodSpecs;
import io.podkit.cli.json.PodJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.cli.option.PodOptions;
import io.podkit.core.api.Attendance;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod run}. */
@Command(
    name = "run",
    description = {
      "Make a pod and run a command in it.",
      "In the foreground its streams are ours, signals reach it, and its exit status is ours; with"
          + " -it, Ctrl-P Ctrl-Q leaves it running."
    },
    exitCodeOnInvalidInput = ExitCode.NOT_RUN_CODE,
    exitCodeOnExecutionException = ExitCode.NOT_RUN_CODE,
    exitCodeList = {
      ExitText.STATUS,
      ExitText.NOT_RUN,
      ExitText.NOT_EXECUTABLE,
      ExitText.COMMAND_NOT_FOUND
    },
    footer = {
      "  pod run -d --name cache --image redis",
      "  pod run -it --rm --name try --image debian -- bash",
      "  pod run --rm --name sum --rootfs /srv/tree -v /data:/data:ro -- sha256sum /data/file"
    })
public final class RunCommand implements Callable<Integer> {
  private final Context context;

  @Mixin PodOptions options = new PodOptions();
  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-d", "--detach"},
      description = "Leave it running and print its id.")
  boolean detach;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "Program and arguments; without them the image's own.")
  List<String> command = new ArrayList<>();

  public RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    PodSpec spec = PodSpecs.of(options, command, context.environment());
    if (output.json() && !detach) {
      throw PodkitException.usage("-o json needs --detach: otherwise standard output is the pod's");
    }
    Pods pods = context.runtime().pods();
    PodName name = pods.create(spec).name();
    return detach ? runDetached(pods, name) : runHere(pods, name);
  }

  private int runDetached(Pods pods, PodName name) throws PodkitException, InterruptedException {
    PodStatus pod = orNothing(pods, name, () -> pods.start(name));
    if (output.json()) {
      Json.print(context.out(), PodJson.of(pod));
    } else {
      context.out().println(pod.id());
    }
    return 0;
  }

  private int runHere(Pods pods, PodName name) throws PodkitException, InterruptedException {
    try (Attendance attendance = orNothing(pods, name, () -> pods.attend(name))) {
      PodStatus pod = orNothing(pods, name, () -> pods.start(name));
      return new Foreground(context).attend(pods, pod.spec(), attendance, true);
    }
  }

  /** A part of what is one step to the user. */
  @FunctionalInterface
  private interface Step<T> {
    T take() throws PodkitException;
  }

  /** A pod that cannot be started leaves nothing behind. */
  private static <T> T orNothing(Pods pods, PodName name, Step<T> step)
      throws PodkitException, InterruptedException {
    try {
      return step.take();
    } catch (PodkitException e) {
      try {
        pods.remove(name, false, Duration.ZERO); // should another command have started it, it stays
      } catch (PodkitException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }
}
