package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Recovery;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod recover}. */
@Command(
    name = "recover",
    description = {
      "Finish or undo what a crash left of migrations, of one pod or of all.",
      "A pod that runs on its other host, which still needs memory from here, is given it if it was"
          + " named.",
      "A pod whose other host cannot be asked stays in doubt. Say with --assume who owns it only"
          + " after you looked at that host: wrong, two copies run, or none."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.IN_DOUBT
    },
    footer = {"  pod recover", "  pod recover --assume source web"})
public final class RecoverCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--assume",
      paramLabel = "OWNER",
      description = "source or target: who owns a pod in doubt if the other cannot be asked.")
  Recovery.@Nullable Owner assume;

  @Parameters(paramLabel = "POD", arity = "0..1", description = "Pod to recover (default: all).")
  @Nullable String name;

  public RecoverCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    PodName pod = name == null ? null : Typed.pod(name);
    if (assume != null && pod == null) {
      throw PodkitException.usage("--assume is for one pod that you looked at: name it");
    }
    return RecoveryRun.run(context, output, pod, assume);
  }
}
