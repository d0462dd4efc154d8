package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.LayerSourceJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerSource;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod layer-source add}. */
@Command(
    name = "add",
    description = {
      "Look for layers in a directory on shared storage, too; all who mount it share them.",
      "Before a layer from there is used the first time, its whole content is compared with its"
          + " name. A directory that is known already is no error."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.REFUSED
    },
    footer = {"  pod layer-source add /mnt/layers"})
public final class LayerSourceAddCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "DIR", description = "Directory with layers; may be empty still.")
  Path directory = Path.of("");

  public LayerSourceAddCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    LayerSource added =
        context.runtime().fileSystem().layerSources().add(directory.toAbsolutePath().normalize());
    if (output.json()) {
      Json.print(context.out(), LayerSourceJson.ListOf.of(List.of(added)));
    } else {
      context.out().println(added.directory());
    }
    return 0;
  }
}
