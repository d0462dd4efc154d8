package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Human;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.Table;
import io.podkit.cli.console.Text;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.ImageHistoryJson;
import io.podkit.cli.json.ImageHistoryJson.StepJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.PodFileSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod image history}. */
@Command(
    name = "history",
    description = "Show by which steps an image was made, the last first, and their layers.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod image history nginx", "  pod image history --no-trunc nginx"})
public final class ImageHistoryCommand implements Callable<Integer> {
  private static final int WIDTH = 45;

  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(names = "--no-trunc", description = "Show instructions in full.")
  boolean noTruncation;

  @Parameters(paramLabel = "IMAGE", description = "Image to show.")
  String name = "";

  public ImageHistoryCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    PodFileSystem files = context.runtime().fileSystem();
    Image image = files.images().get(Typed.image(name));
    ImageHistoryJson history = ImageHistoryJson.of(image, files.layers());
    if (output.json()) {
      Json.print(context.out(), history);
    } else {
      print(history);
    }
    return 0;
  }

  private void print(ImageHistoryJson history) {
    Table table = new Table("LAYER", "CREATED", "CREATED BY", "SIZE", "COMMENT");
    for (StepJson step : history.steps()) {
      String by = Text.line(step.createdBy());
      table.row(
          step.layer() == null ? "" : step.layer().substring("sha256:".length()).substring(0, 12),
          step.created() == null ? "" : ago(Instant.parse(step.created())),
          noTruncation ? by : Text.cut(by, WIDTH),
          step.sizeBytes() == null ? "" : Human.bytes(step.sizeBytes()),
          step.comment());
    }
    table.print(context.out());
  }

  private String ago(Instant then) {
    Duration age = Duration.between(then, context.clock().instant());
    return age.isNegative() ? then.toString() : Human.span(age) + " ago";
  }
}
