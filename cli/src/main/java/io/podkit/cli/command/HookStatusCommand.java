package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.HookTable;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.HookJson;
import io.podkit.cli.option.HooksDirOption;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.HookStatus;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pod hook status}. */
@Command(
    name = "status",
    description = "Say whether containers are noted as engines start them.",
    exitCodeList = {"0:they are", "1:they are not, or the checks failed", "2:wrong arguments"},
    footer = {"  pod hook status", "  pod hook status -o json | jq .installed"})
public final class HookStatusCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Mixin HooksDirOption hooks = new HooksDirOption();

  public HookStatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    HookStatus status = context.runtime().containerHook().status(hooks.directory());
    if (output.json()) {
      Json.print(context.out(), HookJson.of(status));
    } else {
      HookTable.print(context.out(), status);
    }
    return status.works() ? ExitCode.OK.code() : ExitCode.FAILURE.code();
  }
}
