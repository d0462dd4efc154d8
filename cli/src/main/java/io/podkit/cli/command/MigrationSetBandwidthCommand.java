package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.ByteSize;
import io.podkit.cli.convert.Typed;
import io.podkit.error.PodkitException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pod migration set-bandwidth}. */
@Command(
    name = "set-bandwidth",
    description = "Change how many bytes a second are sent at most; at once.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod migration set-bandwidth db 50m", "  pod migration set-bandwidth db unlimited"})
public final class MigrationSetBandwidthCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "POD", description = "Pod that is being moved.")
  String name = "";

  @Parameters(
      index = "1",
      paramLabel = "RATE",
      description = "Bytes a second: 50m, 1g; or unlimited.")
  String rate = "";

  public MigrationSetBandwidthCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    OptionalLong cap = Typed.value("rate", rate, ByteSize::parseCap);
    context.migrations().running(Typed.pod(name)).setBandwidth(cap);
    return 0;
  }
}
