package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.PodJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.Checkpoints;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodStatus;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod restore}. */
@Command(
    name = "restore",
    description = "Let a checkpointed pod run on where it was.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      ExitText.REFUSED,
      ExitText.CRIU
    },
    footer = {"  pod restore db", "  pod restore -i db.tar --name db2"})
public final class RestoreCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-i", "--import"},
      paramLabel = "FILE",
      description = "Restore from an archive that pod checkpoint -o wrote.")
  @Nullable Path file;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "With -i: the name to give the pod.")
  @Nullable String as;

  @Parameters(paramLabel = "POD", arity = "0..1", description = "Pod to restore.")
  @Nullable String name;

  public RestoreCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    if ((name == null) == (file == null)) {
      throw PodkitException.usage("name either a pod or, with -i, an archive");
    }
    if (as != null && file == null) {
      throw PodkitException.usage("--name goes with -i: a pod keeps its name");
    }
    PodStatus pod;
    try (Activity restoring = context.activity("restoring " + (name != null ? name : file))) {
      pod = restore(context.runtime().checkpoints());
    }
    if (output.json()) {
      Json.print(context.out(), PodJson.of(pod));
    } else {
      context.out().println(pod.name());
    }
    return 0;
  }

  private PodStatus restore(Checkpoints checkpoints) throws PodkitException {
    if (name != null) {
      return checkpoints.restore(Typed.pod(name));
    }
    PodName newName = as == null ? null : Typed.value("--name", as, PodName::new);
    return checkpoints.restoreFrom(Path.of(String.valueOf(file)).toAbsolutePath(), newName);
  }
}
