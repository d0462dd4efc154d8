package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.NamesJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodStatus;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.StagingName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod image rm}. */
@Command(
    name = "rm",
    description = "Forget images, and remove the layers nothing needs any more.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod image rm redis"})
public final class ImageRmCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "Images to remove.")
  List<String> names = new ArrayList<>();

  public ImageRmCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<ImageName> images = Typed.values("image", names, ImageName::new);
    PodRuntime runtime = context.runtime();
    List<PodStatus> pods = runtime.pods().list();
    List<String> done = new ArrayList<>();
    for (ImageName image : images) {
      runtime.fileSystem().images().remove(image, users(pods, image));
      done.add(image.value());
    }
    runtime.pods().prune();
    if (output.json()) {
      Json.print(context.out(), NamesJson.of(done));
    } else {
      done.forEach(context.out()::println);
    }
    return 0;
  }

  private static List<StagingName> users(List<PodStatus> pods, ImageName image) {
    return pods.stream()
        .filter(pod -> pod.container() == null) // its image is its engine's
        .filter(pod -> image.value().equals(pod.spec().source().image()))
        .map(pod -> new StagingName(pod.name().value()))
        .toList();
  }
}
