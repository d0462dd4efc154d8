package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Human;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.Table;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.LayerSourceJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pod layer-source ls}. */
@Command(
    name = "ls",
    description = "List the layer sources of this host, in the order in which they are searched.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE},
    footer = {"  pod layer-source ls"})
public final class LayerSourceLsCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  public LayerSourceLsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<LayerSource> sources = context.runtime().fileSystem().layerSources().list();
    if (output.json()) {
      Json.print(context.out(), LayerSourceJson.ListOf.of(sources));
      return 0;
    }
    Table table = new Table("DIRECTORY", "STATE", "LAYERS", "SIZE");
    for (LayerSource source : sources) {
      boolean there = source.reachable();
      table.row(
          source.directory().toString(),
          there ? "ok" : "unreachable",
          there ? Integer.toString(source.layers().size()) : "-",
          there ? Human.bytes(source.bytes()) : "-");
    }
    table.print(context.out());
    return 0;
  }
}
