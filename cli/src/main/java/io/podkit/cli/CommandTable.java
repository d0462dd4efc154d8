package io.podkit.cli;

import io.podkit.cli.command.AgentCommand;
import io.podkit.cli.command.AttachCommand;
import io.podkit.cli.command.CheckCommand;
import io.podkit.cli.command.CheckpointCommand;
import io.podkit.cli.command.CommitCommand;
import io.podkit.cli.command.CompletionCommand;
import io.podkit.cli.command.CpCommand;
import io.podkit.cli.command.CreateCommand;
import io.podkit.cli.command.DoctorCommand;
import io.podkit.cli.command.ExecCommand;
import io.podkit.cli.command.HookCommand;
import io.podkit.cli.command.HookInstallCommand;
import io.podkit.cli.command.HookStatusCommand;
import io.podkit.cli.command.HookUninstallCommand;
import io.podkit.cli.command.HostAddCommand;
import io.podkit.cli.command.HostCommand;
import io.podkit.cli.command.HostCordonCommand;
import io.podkit.cli.command.HostEvacuateCommand;
import io.podkit.cli.command.HostInspectCommand;
import io.podkit.cli.command.HostLabelCommand;
import io.podkit.cli.command.HostLsCommand;
import io.podkit.cli.command.HostRmCommand;
import io.podkit.cli.command.HostRunEvacuationCommand;
import io.podkit.cli.command.HostUncordonCommand;
import io.podkit.cli.command.ImageCommand;
import io.podkit.cli.command.ImageExportCommand;
import io.podkit.cli.command.ImageHistoryCommand;
import io.podkit.cli.command.ImageImportCommand;
import io.podkit.cli.command.ImageInspectCommand;
import io.podkit.cli.command.ImageLsCommand;
import io.podkit.cli.command.ImagePruneCommand;
import io.podkit.cli.command.ImagePullCommand;
import io.podkit.cli.command.ImageRmCommand;
import io.podkit.cli.command.ImageVerifyCommand;
import io.podkit.cli.command.InspectCommand;
import io.podkit.cli.command.KillCommand;
import io.podkit.cli.command.LayerSourceAddCommand;
import io.podkit.cli.command.LayerSourceCommand;
import io.podkit.cli.command.LayerSourceLsCommand;
import io.podkit.cli.command.LayerSourcePublishCommand;
import io.podkit.cli.command.LayerSourceRmCommand;
import io.podkit.cli.command.LayerSourceVerifyCommand;
import io.podkit.cli.command.LogsCommand;
import io.podkit.cli.command.MigrateCommand;
import io.podkit.cli.command.MigrationCancelCommand;
import io.podkit.cli.command.MigrationCommand;
import io.podkit.cli.command.MigrationSetBandwidthCommand;
import io.podkit.cli.command.MigrationSetDowntimeCommand;
import io.podkit.cli.command.MigrationStatusCommand;
import io.podkit.cli.command.MigrationSwitchCommand;
import io.podkit.cli.command.PkiCommand;
import io.podkit.cli.command.PkiInitCommand;
import io.podkit.cli.command.PkiInstallCommand;
import io.podkit.cli.command.PkiIssueCommand;
import io.podkit.cli.command.PodCommand;
import io.podkit.cli.command.PsCommand;
import io.podkit.cli.command.RecoverCommand;
import io.podkit.cli.command.RestoreCommand;
import io.podkit.cli.command.RmCommand;
import io.podkit.cli.command.RunCommand;
import io.podkit.cli.command.SettleCommand;
import io.podkit.cli.command.StartCommand;
import io.podkit.cli.command.StatsCommand;
import io.podkit.cli.command.StopCommand;
import io.podkit.cli.command.VersionCommand;
import io.podkit.cli.command.VolumeCommand;
import io.podkit.cli.command.VolumeCreateCommand;
import io.podkit.cli.command.VolumeInspectCommand;
import io.podkit.cli.command.VolumeLsCommand;
import io.podkit.cli.command.VolumePruneCommand;
import io.podkit.cli.command.VolumeRmCommand;
import io.podkit.cli.command.WaitCommand;
import io.podkit.cli.console.CommandHelp;
import io.podkit.cli.console.FailureHandler;
import io.podkit.cli.context.Context;
import io.podkit.cli.logging.Logging;
import io.podkit.cli.option.Choices;
import io.podkit.cli.option.Format;
import io.podkit.cli.option.GlobalOptions;
import io.podkit.cli.option.LogLevel;
import io.podkit.cli.option.VolumeConflict;
import io.podkit.fs.api.ImageFormat;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.api.TargetEngine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/**
 * All commands by name. Reading one command's annotations takes picocli some milliseconds, so only
 * the command that was asked for is made; all of them only where they are shown together.
 */
public final class CommandTable {
  /** In the order of {@code pod --help}. */
  static final List<String> NAMES =
      List.of(
          "run",
          "create",
          "start",
          "stop",
          "kill",
          "rm",
          "ps",
          "exec",
          "attach",
          "wait",
          "logs",
          "inspect",
          "stats",
          "cp",
          "image",
          "volume",
          "commit",
          "layer-source",
          "checkpoint",
          "restore",
          "migrate",
          "migration",
          "check",
          "recover",
          "host",
          "agent",
          "hook",
          "pki",
          "doctor",
          "completion",
          "version",
          "settle");

  /** Behind their first positional argument begins a command line that is not ours to read. */
  private static final List<String> WITH_COMMAND = List.of("run", "create", "exec");

  /** They change pods: what that needs is loaded while picocli reads the command line. */
  private static final List<String> CHANGING_PODS =
      List.of(
          "run",
          "create",
          "start",
          "stop",
          "rm",
          "exec",
          "attach",
          "cp",
          "commit",
          "checkpoint",
          "restore",
          "migrate",
          "check",
          "recover",
          "settle");

  private static final Map<String, List<String>> NESTED =
      Map.of(
          "hook",
          List.of("install", "uninstall", "status"),
          "image",
          List.of("pull", "import", "ls", "inspect", "history", "verify", "export", "rm", "prune"),
          "host",
          List.of(
              "add",
              "ls",
              "inspect",
              "label",
              "cordon",
              "uncordon",
              "evacuate",
              "rm",
              "run-evacuation"),
          "layer-source",
          List.of("add", "ls", "rm", "verify", "publish"),
          "migration",
          List.of("status", "set-downtime", "set-bandwidth", "switch-to-post-copy", "cancel"),
          "pki",
          List.of("init", "issue", "install"),
          "volume",
          List.of("create", "ls", "inspect", "rm", "prune"));

  private final Context context;

  public CommandTable(Context context) {
    this.context = context;
  }

  /** Runs the command that these arguments ask for and returns its exit code. */
  int run(String... args) {
    return forArguments(args).execute(args);
  }

  private CommandLine forArguments(String... args) {
    String name = commandIn(args);
    if (name == null) {
      return complete();
    }
    if (CHANGING_PODS.contains(name)) {
      context.preload();
    }
    return assemble(List.of(name));
  }

  /** The command line with every command. */
  public CommandLine complete() {
    return assemble(NAMES);
  }

  /** The first argument that is neither an option of pod nor such an option's value, if known. */
  static @Nullable String commandIn(String... args) {
    for (int i = 0; i < args.length; i++) {
      if (GlobalOptions.WITH_VALUE.contains(args[i])) {
        i++;
      } else if (!args[i].startsWith("-")) {
        return NAMES.contains(args[i]) ? args[i] : null;
      }
    }
    return null;
  }

  private CommandLine assemble(List<String> names) {
    CommandLine pod = new CommandLine(new PodCommand(context));
    for (String name : names) {
      CommandLine command = new CommandLine(make(name));
      pod.addSubcommand(name, command);
      for (String nested : NESTED.getOrDefault(name, List.of())) {
        command.addSubcommand(nested, make(name + " " + nested));
      }
    }
    pod.setExpandAtFiles(false) // @ is no sign of ours in a command for a pod
        .registerConverter(Format.class, new Choices<>(Format.class))
        .registerConverter(Compression.class, new Choices<>(Compression.class))
        .registerConverter(ImageFormat.class, new Choices<>(ImageFormat.class))
        .registerConverter(LogLevel.class, new Choices<>(LogLevel.class))
        .registerConverter(Recovery.Owner.class, new Choices<>(Recovery.Owner.class))
        .registerConverter(
            EvacuationOrder.Sequence.class, new Choices<>(EvacuationOrder.Sequence.class))
        .registerConverter(Strategy.class, new Choices<>(Strategy.class))
        .registerConverter(TargetEngine.class, new Choices<>(TargetEngine.class))
        .registerConverter(VolumeConflict.class, new Choices<>(VolumeConflict.class))
        .setHelpFactory(CommandHelp::new)
        .setAllowOptionsAsOptionParameters(false)
        .setOverwrittenOptionsAllowed(true) // the last one counts, as in podman
        .setOut(context.out())
        .setErr(context.err());
    FailureHandler failures = new FailureHandler(context.options()::stacktrace);
    pod.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
    pod.setExecutionStrategy(this::execute);
    WITH_COMMAND.forEach(
        name -> {
          CommandLine command = pod.getSubcommands().get(name);
          if (command != null) {
            command.setStopAtPositional(true);
          }
        });
    describe(pod.getCommandSpec());
    return pod;
  }

  private int execute(ParseResult parsed) {
    LogLevel level = context.options().logLevel();
    if (level != null) {
      Logging.setLevel(level);
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static void describe(CommandSpec spec) {
    UsageMessageSpec usage = spec.usageMessage();
    usage
        .descriptionHeading("%n")
        .parameterListHeading("%nArguments:%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n")
        .exitCodeListHeading("%nExit codes:%n")
        .footerHeading("%nExamples:%n")
        .abbreviateSynopsis(true)
        .width(100);
    spec.subcommands().values().forEach(command -> describe(command.getCommandSpec()));
  }

  private Object make(String name) {
    return switch (name) {
      case "agent" -> new AgentCommand(context);
      case "attach" -> new AttachCommand(context);
      case "check" -> new CheckCommand(context);
      case "checkpoint" -> new CheckpointCommand(context);
      case "commit" -> new CommitCommand(context);
      case "completion" -> new CompletionCommand(context, this::complete);
      case "cp" -> new CpCommand(context);
      case "create" -> new CreateCommand(context);
      case "doctor" -> new DoctorCommand(context);
      case "exec" -> new ExecCommand(context);
      case "hook" -> new HookCommand();
      case "hook install" -> new HookInstallCommand(context);
      case "hook status" -> new HookStatusCommand(context);
      case "hook uninstall" -> new HookUninstallCommand(context);
      case "host" -> new HostCommand();
      case "host add" -> new HostAddCommand(context);
      case "host cordon" -> new HostCordonCommand(context);
      case "host evacuate" -> new HostEvacuateCommand(context);
      case "host inspect" -> new HostInspectCommand(context);
      case "host label" -> new HostLabelCommand(context);
      case "host ls" -> new HostLsCommand(context);
      case "host rm" -> new HostRmCommand(context);
      case "host run-evacuation" -> new HostRunEvacuationCommand(context);
      case "host uncordon" -> new HostUncordonCommand(context);
      case "image" -> new ImageCommand();
      case "image export" -> new ImageExportCommand(context);
      case "image history" -> new ImageHistoryCommand(context);
      case "image import" -> new ImageImportCommand(context);
      case "image inspect" -> new ImageInspectCommand(context);
      case "image ls" -> new ImageLsCommand(context);
      case "image pull" -> new ImagePullCommand(context);
      case "image prune" -> new ImagePruneCommand(context);
      case "image verify" -> new ImageVerifyCommand(context);
      case "image rm" -> new ImageRmCommand(context);
      case "inspect" -> new InspectCommand(context);
      case "kill" -> new KillCommand(context);
      case "layer-source" -> new LayerSourceCommand();
      case "layer-source add" -> new LayerSourceAddCommand(context);
      case "layer-source ls" -> new LayerSourceLsCommand(context);
      case "layer-source publish" -> new LayerSourcePublishCommand(context);
      case "layer-source rm" -> new LayerSourceRmCommand(context);
      case "layer-source verify" -> new LayerSourceVerifyCommand(context);
      case "logs" -> new LogsCommand(context);
      case "migrate" -> new MigrateCommand(context);
      case "migration" -> new MigrationCommand();
      case "migration cancel" -> new MigrationCancelCommand(context);
      case "migration set-bandwidth" -> new MigrationSetBandwidthCommand(context);
      case "migration set-downtime" -> new MigrationSetDowntimeCommand(context);
      case "migration status" -> new MigrationStatusCommand(context);
      case "migration switch-to-post-copy" -> new MigrationSwitchCommand(context);
      case "pki" -> new PkiCommand();
      case "pki init" -> new PkiInitCommand(context);
      case "pki install" -> new PkiInstallCommand(context);
      case "pki issue" -> new PkiIssueCommand(context);
      case "ps" -> new PsCommand(context);
      case "recover" -> new RecoverCommand(context);
      case "restore" -> new RestoreCommand(context);
      case "rm" -> new RmCommand(context);
      case "run" -> new RunCommand(context);
      case "settle" -> new SettleCommand(context);
      case "start" -> new StartCommand(context);
      case "stats" -> new StatsCommand(context);
      case "stop" -> new StopCommand(context);
      case "version" -> new VersionCommand(context);
      case "volume" -> new VolumeCommand();
      case "volume create" -> new VolumeCreateCommand(context);
      case "volume inspect" -> new VolumeInspectCommand(context);
      case "volume ls" -> new VolumeLsCommand(context);
      case "volume prune" -> new VolumePruneCommand(context);
      case "volume rm" -> new VolumeRmCommand(context);
      case "wait" -> new WaitCommand(context);
      default -> throw new IllegalArgumentException("no command " + name);
    };
  }
}
