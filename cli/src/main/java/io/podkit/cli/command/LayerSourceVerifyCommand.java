package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.Table;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.LayerVerificationJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerSource;
import io.podkit.fs.api.LayerSources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod layer-source verify}. */
@Command(
    name = "verify",
    description = {
      "Read every layer on shared storage and compare its content with its name.",
      "Exit status 1 if one is not what it should be."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod layer-source verify", "  pod layer-source verify /mnt/layers"})
public final class LayerSourceVerifyCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(
      paramLabel = "DIR",
      arity = "0..*",
      description = "Directories to read (default: all layer sources of this host).")
  List<Path> directories = new ArrayList<>();

  public LayerSourceVerifyCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    LayerSources sources = context.runtime().fileSystem().layerSources();
    List<LayerSources.Verified> results = new ArrayList<>();
    for (Path directory : chosen(sources)) {
      try (Activity verifying = context.activity("verifying " + directory)) {
        results.addAll(sources.verify(directory, verifying::progress));
      }
    }
    if (output.json()) {
      Json.print(context.out(), LayerVerificationJson.of(results));
    } else {
      print(results);
    }
    boolean right = results.stream().allMatch(one -> one.problem().isEmpty());
    return (right ? ExitCode.OK : ExitCode.FAILURE).code();
  }

  private List<Path> chosen(LayerSources sources) throws PodkitException {
    return directories.isEmpty()
        ? sources.list().stream().map(LayerSource::directory).toList()
        : directories.stream().map(one -> one.toAbsolutePath().normalize()).toList();
  }

  private void print(List<LayerSources.Verified> results) {
    Table table = new Table("DIRECTORY", "LAYER", "RESULT");
    for (LayerSources.Verified one : results) {
      String problem = one.problem();
      table.row(
          one.directory().toString(),
          one.layer().abbreviated(),
          problem.isEmpty() ? "ok" : problem);
    }
    table.print(context.out());
  }
}
