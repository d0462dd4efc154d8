package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.NamesJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.VolumeName;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod volume rm}. */
@Command(
    name = "rm",
    description = "Remove volumes with what is in them.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {"  pod volume rm pgdata", "  pod volume rm --force pgdata"})
public final class VolumeRmCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-f", "--force"},
      description = "Even if pods have it, as long as none of them runs.")
  boolean force;

  @Parameters(paramLabel = "VOLUME", arity = "1..*", description = "Volumes to remove.")
  List<String> names = new ArrayList<>();

  public VolumeRmCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<String> done = new ArrayList<>();
    for (VolumeName volume : Typed.values("volume", names, VolumeName::new)) {
      context.runtime().volumes().remove(volume, force);
      done.add(volume.value());
    }
    if (output.json()) {
      Json.print(context.out(), NamesJson.of(done));
    } else {
      done.forEach(context.out()::println);
    }
    return 0;
  }
}
