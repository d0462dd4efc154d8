package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.LiveStatusTable;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.LiveStatusJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.LiveStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod migration status}. */
@Command(
    name = "status",
    description = "Say how far a migration is.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod migration status web", "  pod migration status -o json web"})
public final class MigrationStatusCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "POD", description = "Pod that is being moved.")
  String name = "";

  public MigrationStatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    LiveStatus status = context.migrations().running(Typed.pod(name)).status();
    if (output.json()) {
      Json.print(context.out(), LiveStatusJson.of(status));
    } else {
      LiveStatusTable.print(context.out(), status);
    }
    return 0;
  }
}
