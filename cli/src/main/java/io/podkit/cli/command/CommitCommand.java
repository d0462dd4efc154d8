package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.ImageChanges;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.ImageJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.CommitSpec;
import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod commit}. */
@Command(
    name = "commit",
    description = {
      "Make an image of a pod: what it wrote becomes a layer on those of its image.",
      "A running pod stands still while its files are copied. Volumes are no part of the image."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      ExitText.REFUSED
    },
    footer = {
      "  pod commit db local/db:loaded",
      "  pod commit -a 'Jo Doe' -m 'with plugins' -c 'CMD [\"nginx\"]' web web:v2",
      "  pod commit --pause=false build cache"
    })
public final class CommitCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-c", "--change"},
      paramLabel = "INSTRUCTION",
      description =
          "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR, as in a"
              + " Containerfile.")
  List<String> changes = new ArrayList<>();

  @Option(
      names = {"-a", "--author"},
      paramLabel = "NAME",
      description = "Who makes it, for its history.")
  String author = "";

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "A note for its history.")
  String message = "";

  @Option(
      names = {"-p", "--pause"},
      paramLabel = "BOOLEAN",
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether a running pod stands still while its files are copied (default true); without,"
              + " files that it writes meanwhile may be half written in the image.")
  boolean pause = true;

  @Parameters(index = "0", paramLabel = "POD", description = "Pod to make an image of.")
  String pod = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Name to give the image.")
  String name = "";

  public CommitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    PodName from = Typed.pod(pod);
    CommitSpec spec =
        new CommitSpec(Typed.image(name), ImageChanges.apply(changes), author, message, pause);
    Image image;
    try (Activity committing = context.activity("committing " + from)) {
      image = context.runtime().commits().commit(from, spec, committing::progress);
    }
    if (output.json()) {
      Json.print(context.out(), ImageJson.ListOf.of(List.of(image)));
    } else {
      context.out().println(image.layers().get(image.layers().size() - 1));
    }
    return 0;
  }
}
