package io.podkit.cli.command;

import io.podkit.cli.console.EventStream;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.MigrationProgress;
import io.podkit.cli.console.MigrationTable;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.MigrationRequests;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.MigrationJson;
import io.podkit.cli.option.MemoryChoices;
import io.podkit.cli.option.OutputOption;
import io.podkit.cli.option.VolumeConflict;
import io.podkit.cli.terminal.SignalTrap;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Migration;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.MigrationReport;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.TargetEngine;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod migrate}. */
@Command(
    name = "migrate",
    description = {
      "Move a running pod to another host while its clients stay connected.",
      "Until the move commits, any failure and Ctrl-C leave the pod running here. Memory that follows"
          + " a pod (post-copy, hybrid) is needed after that: if the link breaks then, the pod waits on"
          + " its new host, and --resume goes on.",
      "A container of podman's, which the hook told of, is a pod on the other host; podman sees it end."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      ExitText.REFUSED,
      ExitText.PEER,
      ExitText.CRIU,
      ExitText.CANCELLED,
      ExitText.TIMEOUT,
      ExitText.IN_DOUBT
    },
    footer = {
      "  pod migrate web hostb",
      "  pod migrate --dry-run web 192.0.2.2:7617",
      "  pod migrate --strategy hybrid --downtime-limit 100ms db hostb",
      "  pod migrate --volume-conflict replace db hostb",
      "  pod migrate --engine podman redis hostb",
      "  pod migrate --resume db",
      "  pod migrate --bandwidth 50m --timeout 10m -o json db hostb"
    })
public final class MigrateCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Mixin MemoryChoices memory = new MemoryChoices();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Give up if it has not committed by then: 90, 30s, 10m (default 30m).")
  @Nullable String timeout;

  @Option(
      names = "--bandwidth",
      paramLabel = "RATE",
      description = "Send at most so many bytes a second: 50m, 1g.")
  @Nullable String bandwidth;

  @Option(
      names = "--resume",
      description = "Give a pod that has moved the memory that it still waits for; needs no HOST.")
  boolean resume;

  @Option(
      names = "--volume-conflict",
      paramLabel = "WHAT",
      description =
          "Other content on the target where a volume goes: refuse (the default) or replace.")
  VolumeConflict conflict = VolumeConflict.REFUSE;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description =
          "Of a container, whose it is there: pod (the default: it becomes one) or podman.")
  TargetEngine engine = TargetEngine.POD;

  @Option(names = "--force", description = "Also to a host that is cordoned (pod host cordon).")
  boolean force;

  @Option(names = "--dry-run", description = "Only check on both hosts that it would work.")
  boolean dryRun;

  @Parameters(index = "0", paramLabel = "POD", description = "Pod to move.")
  String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "HOST[:PORT]",
      description = "Host whose agent takes it (default port 7617).")
  @Nullable String host;

  public MigrateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    if (resume) {
      return resume();
    }
    if (host == null) {
      throw PodkitException.usage("say where the pod is to go: pod migrate " + name + " HOST");
    }
    MigrationRequest request =
        MigrationRequests.of(
            name, host, timeout, bandwidth, memory, dryRun, conflict.replaces(), force, engine);
    Migration migration = context.migrations().prepare(request);
    MigrationReport report;
    try (MigrationProgress progress =
        new MigrationProgress(context.err(), context.terminal().isError())) {
      IntConsumer cancel = signal -> cancel(migration, progress);
      try (SignalTrap interrupt = SignalTrap.install("INT", cancel);
          SignalTrap terminate = SignalTrap.install("TERM", cancel);
          SignalTrap hangUp = SignalTrap.install("HUP", cancel);
          EventStream events = new EventStream(context.out())) {
        report = migration.run(output.json() ? both(progress, events) : progress);
      }
    }
    if (output.json()) {
      Json.printLine(
          context.out(), MigrationJson.of(report, engine)); // the last of the stream's lines
    } else {
      MigrationTable.print(context.out(), report);
    }
    return 0;
  }

  private void cancel(Migration migration, MigrationProgress progress) {
    if (!migration.cancel()) {
      progress.note("too late to cancel: the pod may belong to " + host + " already; this goes on");
    }
  }

  private int resume() throws PodkitException {
    if (host != null
        || dryRun
        || conflict.replaces()
        || force
        || engine != TargetEngine.POD
        || timeout != null
        || bandwidth != null
        || memory.isGiven()) {
      throw PodkitException.usage(
          "--resume goes on where a migration broke off: name the pod only");
    }
    PodName pod = Typed.pod(name);
    PodState state = context.runtime().pods().status(pod).state();
    if (!state.isDeparting()) {
      throw PodkitException.conflict(
          "no migration of pod " + pod + " from here is to be resumed: it is " + state);
    }
    return RecoveryRun.run(context, output, pod, null);
  }

  private static MigrationListener both(MigrationListener people, MigrationListener programs) {
    return event -> {
      people.on(event);
      programs.on(event);
    };
  }
}
