package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.logging.Logging;
import io.podkit.cli.option.LogLevel;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pod host run-evacuation}, the process that moves a host's pods; not for people. */
@Command(
    name = "run-evacuation",
    hidden = true,
    description = "Do what was ordered by pod host evacuate on this host; started by it.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE},
    footer = {"  pod host run-evacuation"})
public final class HostRunEvacuationCommand implements Callable<Integer> {
  private final Context context;

  public HostRunEvacuationCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    if (context.options().logLevel() == null) {
      Logging.setLevel(LogLevel.INFO);
    }
    context.migrations().evacuations().work();
    return 0;
  }
}
