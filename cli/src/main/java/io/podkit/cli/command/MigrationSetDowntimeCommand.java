package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.TimeSpan;
import io.podkit.cli.convert.Typed;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pod migration set-downtime}. */
@Command(
    name = "set-downtime",
    description =
        "Change how long the last dirty pages may take to travel while the pod stands still.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod migration set-downtime db 500ms"})
public final class MigrationSetDowntimeCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "POD", description = "Pod that is being moved.")
  String name = "";

  @Parameters(index = "1", paramLabel = "TIME", description = "The new limit: 100ms, 1s.")
  String time = "";

  public MigrationSetDowntimeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    Duration limit = Typed.value("time", time, TimeSpan::parse);
    context.migrations().running(Typed.pod(name)).setDowntime(limit);
    return 0;
  }
}
