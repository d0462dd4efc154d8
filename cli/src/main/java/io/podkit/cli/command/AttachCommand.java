package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod attach}. */
@Command(
    name = "attach",
    description = {
      "Take the command of a running pod to the foreground, as pod run does.",
      "With a terminal, Ctrl-P Ctrl-Q leaves it running."
    },
    exitCodeOnInvalidInput = ExitCode.NOT_RUN_CODE,
    exitCodeOnExecutionException = ExitCode.NOT_RUN_CODE,
    exitCodeList = {ExitText.STATUS, ExitText.NOT_RUN},
    footer = {"  pod attach web", "  pod attach --no-stdin web"})
public final class AttachCommand implements Callable<Integer> {
  private final Context context;

  @Option(names = "--no-stdin", description = "Show output only.")
  boolean noStdin;

  @Parameters(paramLabel = "POD", description = "Pod to attach to.")
  String name = "";

  public AttachCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    Pods pods = context.runtime().pods();
    PodStatus pod = pods.status(Typed.pod(name));
    if (!pod.state().hasProcesses()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "pod " + pod.name() + " does not run",
          new Hint("'pod logs " + pod.name() + "' shows what it printed"));
    }
    PodSpec spec = pod.spec();
    boolean interactive = spec.interactive() && !noStdin;
    OptionalInt status =
        new Foreground(context)
            .follow(pods, spec.toBuilder().interactive(interactive).build(), false);
    if (status.isPresent()) {
      pods.settle(spec.name()); // so that it is gone when we are, if it is to be
    }
    return status.orElse(0);
  }
}
