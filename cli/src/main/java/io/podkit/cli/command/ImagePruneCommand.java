package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.NamesJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pod image prune}. */
@Command(
    name = "prune",
    description =
        "Remove the layers that no image and no pod needs, such as those of images that were replaced,"
            + " and what commands that died and transfers that broke left behind.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE},
    footer = {"  pod image prune"})
public final class ImagePruneCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  public ImagePruneCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<String> removed =
        context.runtime().pods().prune().stream().map(LayerDigest::toString).toList();
    if (output.json()) {
      Json.print(context.out(), NamesJson.of(removed));
    } else {
      removed.forEach(context.out()::println);
    }
    return 0;
  }
}
