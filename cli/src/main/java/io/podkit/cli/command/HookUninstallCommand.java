package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
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

/** {@code pod hook uninstall}. */
@Command(
    name = "uninstall",
    description = {
      "Have engines no longer call Podkit's hook; no error if they do not.",
      "Containers that were noted stay listed until they end."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.CONFLICT},
    footer = {"  pod hook uninstall"})
public final class HookUninstallCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Mixin HooksDirOption hooks = new HooksDirOption();

  public HookUninstallCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    HookStatus status = context.runtime().containerHook().uninstall(hooks.directory());
    if (output.json()) {
      Json.print(context.out(), HookJson.of(status));
    } else {
      context.out().println(status.file());
    }
    return 0;
  }
}
