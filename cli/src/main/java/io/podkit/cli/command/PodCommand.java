package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.option.GlobalOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pod} itself: the options that hold for every command. */
@Command(
    name = "pod",
    description = "Runs groups of processes in pods and moves them between hosts while they run.",
    versionProvider = PodCommand.VersionLine.class,
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
      ExitText.IN_DOUBT,
      ExitText.MOVED,
      ExitText.LEFT,
      ExitText.NOT_RUN,
      ExitText.NOT_EXECUTABLE,
      ExitText.COMMAND_NOT_FOUND
    },
    footer = {
      "  pod run -d --name cache --image redis",
      "  pod migrate cache hostb",
      "  pod ps --help"
    })
public final class PodCommand {
  @Mixin GlobalOptions options;

  @Option(names = "--version", versionHelp = true, description = "Print the version.")
  boolean version;

  public PodCommand(Context context) {
    options = context.options();
  }

  /** One line, as {@code --version} prints it. */
  static final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"podkit " + Version.podkit()};
    }
  }
}
