package io.podkit.cli.command;

import io.podkit.cli.console.EvacuationTable;
import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.FailureReport;
import io.podkit.cli.console.HostsTable;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.BringBackJson;
import io.podkit.cli.json.HostJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod host uncordon}. */
@Command(
    name = "uncordon",
    description = {
      "Have a host accept pods again.",
      "With --bring-back the pods that its evacuations have moved come back from where they are; what"
          + " moves them is each of those hosts, and Ctrl-C stops only watching. Exit status 0 then"
          + " means that all are back."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      ExitText.PEER,
      ExitText.LEFT
    },
    footer = {"  pod host uncordon hostb", "  pod host uncordon hostb --bring-back"})
public final class HostUncordonCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(names = "--bring-back", description = "Bring back the pods that evacuations have moved.")
  boolean bringBack;

  @Parameters(paramLabel = "HOST", description = "Host that is to accept pods.")
  String name = "";

  public HostUncordonCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    Hosts hosts = context.migrations().hosts();
    KnownHost host = hosts.find(name);
    HostStatus status = hosts.mark(host, HostMarks.cordon(false));
    if (!bringBack) {
      List<HostAnswer> answer = List.of(new HostAnswer(host, status, null));
      if (output.json()) {
        Json.print(context.out(), HostJson.ListOf.of(answer));
      } else {
        HostsTable.print(context.out(), answer);
      }
      return 0;
    }
    BringBack.Result result = new BringBack(context, hosts).run(host, status);
    if (output.json()) {
      Json.print(
          context.out(),
          BringBackJson.of(host.name(), result.ended(), result.forgotten(), result.elsewhere()));
    } else {
      for (EvacuationStatus ended : result.ended()) {
        EvacuationTable.print(context.out(), ended);
      }
      result
          .forgotten()
          .forEach(
              pod ->
                  new FailureReport(context.err(), false)
                      .warning("pod " + pod + " is not where it was taken; it is forgotten"));
      result
          .elsewhere()
          .forEach(
              (pod, there) ->
                  new FailureReport(context.err(), false)
                      .warning("pod " + pod + " was moved on to " + there + "; it stays there"));
    }
    return result.failed() ? ExitCode.PEER.code() : result.allBack() ? 0 : ExitCode.LEFT.code();
  }
}
