package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.CheckTable;
import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.CheckRequests;
import io.podkit.cli.json.CheckJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.cli.option.VolumeConflict;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.CheckReport;
import io.podkit.migrate.api.CheckRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod check}. */
@Command(
    name = "check",
    description = {
      "Say what moving a pod would be like: how fast it dirties memory, and what is in the way.",
      "With a host also how long it would stand still by each strategy. Nothing is moved."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      "5:something is in the way, or it cannot be measured here",
      ExitText.PEER
    },
    footer = {
      "  pod check web",
      "  pod check --time 10s db hostb",
      "  pod check -o json db hostb | jq '.predictions[] | {strategy, pauseMs}'"
    })
public final class CheckCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "How long to measure: 3s (the default), 1m.")
  @Nullable String time;

  @Option(
      names = "--downtime-limit",
      paramLabel = "TIME",
      description = "Predict for this limit of pod migrate (default 200ms).")
  @Nullable String downtimeLimit;

  @Option(
      names = "--volume-conflict",
      paramLabel = "WHAT",
      description = "Say what it would be like with this option of pod migrate.")
  VolumeConflict conflict = VolumeConflict.REFUSE;

  @Parameters(index = "0", paramLabel = "POD", description = "Pod to look at; it runs on.")
  String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "HOST[:PORT]",
      description = "Host it would move to (default port 7617).")
  @Nullable String host;

  public CheckCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    CheckRequest request = CheckRequests.of(name, host, time, downtimeLimit, conflict.replaces());
    CheckReport report;
    try (Activity measuring = context.activity("measuring pod " + request.pod())) {
      report = context.migrations().check(request);
    }
    if (output.json()) {
      Json.print(context.out(), CheckJson.of(report));
    } else {
      CheckTable.print(context.out(), report);
    }
    return (report.movable() ? ExitCode.OK : ExitCode.REFUSED).code();
  }
}
