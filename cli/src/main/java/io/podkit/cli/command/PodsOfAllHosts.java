package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.FailureReport;
import io.podkit.cli.console.HostPodsTable;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.HostPodsJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.Hosts;
import java.util.List;

/**
 * {@code pod ps --all-hosts}; apart, because plain {@code pod ps} must load as little as it can.
 */
final class PodsOfAllHosts {
  private PodsOfAllHosts() {}

  /** Prints what the hosts say; those that say nothing are named on standard error. */
  static int print(Context context, OutputOption output, boolean all, boolean quiet)
      throws PodkitException {
    Hosts hosts = context.migrations().hosts();
    List<HostAnswer> answers = hosts.statuses(hosts.list());
    if (output.json()) {
      Json.print(context.out(), HostPodsJson.of(answers, all));
    } else if (quiet) {
      answers.forEach(answer -> names(context, answer, all));
    } else {
      HostPodsTable.print(context.out(), answers, all);
    }
    boolean silent = false;
    for (HostAnswer answer : answers) {
      PodkitException failure = answer.failure();
      if (failure != null) {
        silent = true;
        new FailureReport(context.err(), false)
            .warning("host " + answer.host().name() + " is not listed: " + failure.what());
      }
    }
    return silent ? ExitCode.PEER.code() : 0;
  }

  private static void names(Context context, HostAnswer answer, boolean all) {
    HostStatus status = answer.status();
    if (status != null) {
      for (HostPod pod : all ? status.pods() : status.runningPods()) {
        context.out().println(answer.host().name() + "/" + pod.name());
      }
    }
  }
}
