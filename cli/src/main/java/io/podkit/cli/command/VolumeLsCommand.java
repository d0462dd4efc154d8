package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Human;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.Table;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.VolumeJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodName;
import io.podkit.core.api.VolumeStatus;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pod volume ls}. */
@Command(
    name = "ls",
    description = {
      "List the volumes of this host, and the directories that pods left behind when they moved.",
      "A stale copy gives way when its pod comes back, unless somebody changed it since."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE},
    footer = {"  pod volume ls", "  pod volume ls -q"})
public final class VolumeLsCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-q", "--quiet"},
      description = "Names and paths only.")
  boolean quiet;

  public VolumeLsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<VolumeStatus> volumes = context.runtime().volumes().list();
    if (output.json()) {
      Json.print(context.out(), VolumeJson.ListOf.of(volumes));
    } else if (quiet) {
      volumes.forEach(volume -> context.out().println(name(volume)));
    } else {
      print(volumes);
    }
    return 0;
  }

  private void print(List<VolumeStatus> volumes) {
    Table table = new Table("NAME", "SIZE", "PODS", "LEFT BEHIND BY");
    for (VolumeStatus volume : volumes) {
      table.row(
          name(volume),
          Human.bytes(volume.bytes()),
          volume.users().stream().map(PodName::value).collect(Collectors.joining(", ")),
          left(volume.left()));
    }
    table.print(context.out());
  }

  private static String name(VolumeStatus volume) {
    return Objects.requireNonNullElse(volume.name(), volume.path()).toString();
  }

  private String left(VolumeStatus.@Nullable Left left) {
    if (left == null) {
      return "";
    }
    Duration age = Duration.between(left.when(), context.clock().instant());
    return left.pod()
        + ", "
        + Human.span(age)
        + " ago"
        + (left.unchanged() ? "" : ", changed since");
  }
}
