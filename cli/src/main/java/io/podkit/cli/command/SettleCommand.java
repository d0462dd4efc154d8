package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod settle}, which a pod's monitor calls when the pod has ended; not for people. */
@Command(
    name = "settle",
    hidden = true,
    description = "Give back what a pod that has ended used; called by its monitor.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE},
    footer = {"  pod settle web"})
public final class SettleCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "POD", description = "Pod that has ended.")
  String name = "";

  @Option(names = "--container", description = "It is a container that an engine owns.")
  boolean container;

  public SettleCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    if (container) {
      context.runtime().pods().settleContainer(Typed.pod(name));
    } else {
      context.runtime().pods().settle(Typed.pod(name));
    }
    return 0;
  }
}
