package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.ImageJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod image inspect}. */
@Command(
    name = "inspect",
    description = "Print all that is known of images, as a JSON array; -o json changes nothing.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod image inspect redis", "  pod image inspect redis | jq -r '.[0].layers[]'"})
public final class ImageInspectCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "Images to show.")
  List<String> names = new ArrayList<>();

  public ImageInspectCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<ImageName> images = Typed.values("image", names, ImageName::new);
    ImageStore store = context.runtime().fileSystem().images();
    List<ImageJson> shown = new ArrayList<>();
    for (ImageName image : images) {
      shown.add(ImageJson.of(store.get(image)));
    }
    Json.print(context.out(), shown);
    return 0;
  }
}
