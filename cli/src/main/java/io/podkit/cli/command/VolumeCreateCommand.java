package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.VolumeJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeStatus;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod volume create}. */
@Command(
    name = "create",
    description = "Make an empty volume; pod run makes those that it lacks itself.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.CONFLICT},
    footer = {"  pod volume create pgdata", "  pod volume create --label team=db pgdata"})
public final class VolumeCreateCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-l", "--label"},
      paramLabel = "KEY=VALUE",
      description = "Attach a note to it.")
  List<String> labels = new ArrayList<>();

  @Parameters(index = "0", paramLabel = "NAME", description = "Name to give it.")
  String name = "";

  public VolumeCreateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    VolumeName volume = Typed.value("volume", name, VolumeName::new);
    VolumeStatus made = context.runtime().volumes().create(volume, Typed.labels(labels));
    if (output.json()) {
      Json.print(context.out(), VolumeJson.ListOf.of(List.of(made)));
    } else {
      context.out().println(volume);
    }
    return 0;
  }
}
