package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.NamesJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pod volume prune}. */
@Command(
    name = "prune",
    description = {
      "Remove the named volumes that no pod has, with what is in them.",
      "Directories that pods left behind are never removed; those that are gone are forgotten."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE},
    footer = {"  pod volume prune"})
public final class VolumePruneCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  public VolumePruneCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<String> removed = context.runtime().volumes().prune();
    if (output.json()) {
      Json.print(context.out(), NamesJson.of(removed));
    } else {
      removed.forEach(context.out()::println);
    }
    return 0;
  }
}
