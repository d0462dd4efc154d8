package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Human;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.Table;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.LayerChecksJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.LayerCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod image verify}. */
@Command(
    name = "verify",
    description = {
      "Read the layers of images again and compare their digests; without names, all layers.",
      "If one is damaged or missing, remove the image and import or pull it again."
    },
    exitCodeList = {
      ExitText.OK,
      "1:a layer is damaged or missing, or failure of another kind",
      ExitText.USAGE,
      ExitText.NOT_FOUND
    },
    footer = {"  pod image verify", "  pod image verify -o json nginx redis"})
public final class ImageVerifyCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "IMAGE", arity = "0..*", description = "Images to verify.")
  List<String> names = new ArrayList<>();

  public ImageVerifyCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<ImageName> images = Typed.values("image", names, ImageName::new);
    List<LayerCheck> checks;
    try (Activity verifying = context.activity("verifying")) {
      checks = context.runtime().fileSystem().images().verify(images, verifying::progress);
    }
    if (output.json()) {
      Json.print(context.out(), LayerChecksJson.of(checks));
    } else {
      print(checks);
    }
    return checks.stream().allMatch(LayerCheck::isGood) ? 0 : ExitCode.FAILURE.code();
  }

  private void print(List<LayerCheck> checks) {
    Table table = new Table("LAYER", "VERDICT", "SIZE", "IMAGES");
    for (LayerCheck check : checks) {
      table.row(
          check.layer().abbreviated(),
          check.verdict().name().toLowerCase(Locale.ROOT),
          Human.bytes(check.size()),
          check.images().stream().map(ImageName::value).collect(Collectors.joining(", ")));
    }
    table.print(context.out());
  }
}
