package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.NamesJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.PodFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod layer-source publish}. */
@Command(
    name = "publish",
    description = {
      "Copy an image's layers into a directory on shared storage, for hosts that have it as a layer"
          + " source.",
      "Prints the layers that were not there yet. This host keeps its own copies."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod layer-source publish nginx /mnt/layers"})
public final class LayerSourcePublishCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(index = "0", paramLabel = "IMAGE", description = "Image whose layers to copy.")
  String image = "";

  @Parameters(index = "1", paramLabel = "DIR", description = "Where to; it must exist.")
  Path directory = Path.of("");

  public LayerSourcePublishCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    PodFileSystem files = context.runtime().fileSystem();
    Image published = files.images().get(Typed.image(image));
    Path there = directory.toAbsolutePath().normalize();
    List<String> copied = new ArrayList<>();
    try (Activity publishing = context.activity("publishing " + published.name())) {
      for (LayerDigest layer : published.layers()) {
        Path file = files.layers().path(layer);
        if (files.layerSources().publish(layer, file, there, publishing::progress)) {
          copied.add(layer.toString());
        }
      }
    }
    if (output.json()) {
      Json.print(context.out(), NamesJson.of(copied));
    } else {
      copied.forEach(context.out()::println);
    }
    return 0;
  }
}
