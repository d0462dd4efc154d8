package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Human;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.CheckpointJson;
import io.podkit.cli.option.FormatOption;
import io.podkit.core.api.CheckpointReport;
import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod checkpoint}. */
@Command(
    name = "checkpoint",
    description = {
      "Write a running pod's processes and files to disk; pod restore brings it back.",
      "A container of podman's, which the hook told of, is written by podman, to an archive (-o) that"
          + " podman container restore -i takes."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      ExitText.REFUSED,
      ExitText.CRIU
    },
    footer = {"  pod checkpoint db", "  pod checkpoint --leave-running -o db.tar db"})
public final class CheckpointCommand implements Callable<Integer> {
  private final Context context;

  @Mixin FormatOption output = new FormatOption();

  @Option(
      names = {"-R", "--leave-running"},
      description = "Let the pod go on when it is written.")
  boolean leaveRunning;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write an archive that pod restore -i reads on any host with the same layers.")
  @Nullable Path file;

  @Parameters(paramLabel = "POD", description = "Pod or container to write.")
  String name = "";

  public CheckpointCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    PodName pod = Typed.pod(name);
    Path target = file == null ? null : file.toAbsolutePath();
    CheckpointReport report;
    try (Activity writing = context.activity("checkpointing " + pod)) {
      report = context.runtime().checkpoints().checkpoint(pod, leaveRunning, target);
    }
    if (output.json()) {
      Json.print(context.out(), CheckpointJson.of(report));
    } else {
      context
          .out()
          .printf(
              "%s: %s in %s, frozen %s%n",
              report.location(),
              Human.bytes(report.bytes()),
              Human.duration(report.total()),
              Human.duration(report.frozen()));
    }
    return 0;
  }
}
