package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.ImageChanges;
import io.podkit.cli.convert.ImageLimitChoices;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.ImageJson;
import io.podkit.cli.option.ImageLimitOptions;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImportRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod image import}. */
@Command(
    name = "import",
    description = {
      "Make an image of a directory or a tar file, plain or packed with gzip, zstd or xz.",
      "Either may be a root directory, an OCI layout, or what podman save and docker save write."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.REFUSED
    },
    footer = {
      "  pod image import debian /srv/debian-rootfs",
      "  podman save -o nginx.tar nginx && pod image import nginx nginx.tar",
      "  pod image import --base debian -c 'CMD [\"redis-server\"]' redis redis.tar.zst"
    })
public final class ImageImportCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--base",
      paramLabel = "IMAGE",
      description = "Lay it on the layers of this image.")
  @Nullable String base;

  @Option(
      names = "--reference",
      paramLabel = "NAME",
      description = "Which image of an archive that has several: its name there, or its tag.")
  @Nullable String reference;

  @Option(
      names = {"-c", "--change"},
      paramLabel = "INSTRUCTION",
      description =
          "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR, as in a"
              + " Containerfile.")
  List<String> changes = new ArrayList<>();

  @Mixin ImageLimitOptions limits = new ImageLimitOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "Name to give the image.")
  String name = "";

  @Parameters(index = "1", paramLabel = "PATH", description = "Directory or tar file.")
  Path path = Path.of("");

  public ImageImportCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    ImageName below = base == null ? null : Typed.value("--base", base, ImageName::new);
    ImportRequest request =
        new ImportRequest(
            Typed.image(name),
            path.toAbsolutePath(),
            reference,
            below,
            ImageChanges.apply(changes),
            ImageLimitChoices.of(limits, context.environment()));
    Image image;
    try (Activity importing = context.activity("importing " + request.name())) {
      image = context.runtime().fileSystem().images().importImage(request, importing::progress);
    }
    if (output.json()) {
      Json.print(context.out(), ImageJson.ListOf.of(List.of(image)));
    } else {
      context.out().println(image.layers().get(image.layers().size() - 1));
    }
    return 0;
  }
}
