package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.HostTable;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.DoctorJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.HostReport;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pod doctor}. */
@Command(
    name = "doctor",
    description = "Say what this host can and cannot do, and how to cure what is missing.",
    exitCodeList = {"0:pods can be migrated", "1:they cannot, or the checks failed"},
    footer = {"  pod doctor", "  pod doctor -o json | jq '.checks[] | select(.level != \"ok\")'"})
public final class DoctorCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  public DoctorCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    HostReport report;
    try (Activity checking = context.activity("checking this host")) {
      report = context.runtime().host().doctor();
    }
    if (output.json()) {
      Json.print(context.out(), DoctorJson.of(report));
    } else {
      HostTable.print(context.out(), report);
    }
    return report.canMigrate() ? ExitCode.OK.code() : ExitCode.FAILURE.code();
  }
}
