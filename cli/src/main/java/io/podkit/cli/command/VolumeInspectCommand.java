package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.VolumeJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.VolumeName;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pod volume inspect}. */
@Command(
    name = "inspect",
    description = "Print all that is known of volumes, as a JSON array; -o json changes nothing.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod volume inspect pgdata", "  pod volume inspect pgdata | jq -r '.[0].path'"})
public final class VolumeInspectCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "VOLUME", arity = "1..*", description = "Volumes to show.")
  List<String> names = new ArrayList<>();

  public VolumeInspectCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<VolumeJson> shown = new ArrayList<>();
    for (VolumeName volume : Typed.values("volume", names, VolumeName::new)) {
      shown.add(VolumeJson.of(context.runtime().volumes().get(volume)));
    }
    Json.print(context.out(), shown);
    return 0;
  }
}
