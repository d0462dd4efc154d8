package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Human;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.Table;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.ImageJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pod image ls}. */
@Command(
    name = "ls",
    description = "List the images of this host.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE},
    footer = {"  pod image ls", "  pod image ls -q"})
public final class ImageLsCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-q", "--quiet"},
      description = "Names only.")
  boolean quiet;

  public ImageLsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<Image> images = context.runtime().fileSystem().images().list();
    if (output.json()) {
      Json.print(context.out(), ImageJson.ListOf.of(images));
    } else if (quiet) {
      images.forEach(image -> context.out().println(image.name()));
    } else {
      print(images);
    }
    return 0;
  }

  private void print(List<Image> images) {
    Table table = new Table("NAME", "LAYERS", "TOP LAYER", "IMPORTED", "SIZE");
    for (Image image : images) {
      Duration age = Duration.between(image.created(), context.clock().instant());
      table.row(
          image.name().value(),
          Integer.toString(image.layers().size()),
          image.layers().get(image.layers().size() - 1).abbreviated(),
          Human.span(age) + " ago",
          Human.bytes(image.size()));
    }
    table.print(context.out());
  }
}
