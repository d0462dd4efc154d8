package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pod migration cancel}. */
@Command(
    name = "cancel",
    description = {
      "Give a migration up: the pod runs on here.",
      "Once the target may own the pod it is too late."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod migration cancel web"})
public final class MigrationCancelCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "POD", description = "Pod that is being moved.")
  String name = "";

  public MigrationCancelCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    context.migrations().running(Typed.pod(name)).cancel();
    return 0;
  }
}
