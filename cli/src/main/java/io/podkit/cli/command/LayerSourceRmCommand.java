package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.NamesJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodStatus;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.LayerDigest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod layer-source rm}. */
@Command(
    name = "rm",
    description = {
      "Look for layers in a directory no more. Nothing in it is removed.",
      "Refused if a pod or an image needs a layer that this host has only there."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod layer-source rm /mnt/layers"})
public final class LayerSourceRmCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "DIR", description = "As pod layer-source ls shows it.")
  Path directory = Path.of("");

  public LayerSourceRmCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    Path absolute = directory.toAbsolutePath().normalize();
    PodRuntime runtime = context.runtime();
    runtime.fileSystem().layerSources().remove(absolute, users(runtime));
    if (output.json()) {
      Json.print(context.out(), NamesJson.of(List.of(absolute.toString())));
    } else {
      context.out().println(absolute);
    }
    return 0;
  }

  private static Map<LayerDigest, String> users(PodRuntime runtime) throws PodkitException {
    Map<LayerDigest, String> users = new TreeMap<>();
    for (Image image : runtime.fileSystem().images().list()) {
      image.layers().forEach(layer -> users.put(layer, "image " + image.name()));
    }
    for (PodStatus pod : runtime.pods().list()) {
      pod.layers().forEach(layer -> users.put(LayerDigest.parse(layer), "pod " + pod.name()));
    }
    return users;
  }
}
