package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pod migration switch-to-post-copy}. */
@Command(
    name = "switch-to-post-copy",
    description =
        "End the rounds of a hybrid migration now: the pod goes, the rest of its memory follows it.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod migration switch-to-post-copy db"})
public final class MigrationSwitchCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "POD", description = "Pod that is being moved.")
  String name = "";

  public MigrationSwitchCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    context.migrations().running(Typed.pod(name)).switchToPostCopy();
    return 0;
  }
}
