package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.PodTable;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.PodListJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pod ps}. */
@Command(
    name = "ps",
    description = "List the pods of this host: those that run, or all.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.PEER},
    footer = {"  pod ps -a", "  pod ps -q | xargs -r pod stop", "  pod ps --all-hosts"})
public final class PsCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-a", "--all"},
      description = "Also pods that do not run.")
  boolean all;

  @Option(
      names = {"-q", "--quiet"},
      description = "Names only.")
  boolean quiet;

  @Option(
      names = "--no-trunc",
      description = "Show commands in full, and the ports that pods expose.")
  boolean noTruncation;

  @Option(
      names = "--all-hosts",
      description = "Those of every host of the inventory (pod host ls), as the hosts tell them.")
  boolean allHosts;

  public PsCommand(Context context) {
    this.context = context;
  }

  /**
   * The command for the plain form of its arguments, read without picocli: to read annotations
   * takes longer than all the rest of {@code pod ps}, and this command is typed all day.
   *
   * @return null if the arguments are another command's or have any other form
   */
  public static @Nullable PsCommand ofPlain(Context context, String... args) {
    if (args.length == 0 || !args[0].equals("ps")) {
      return null;
    }
    PsCommand command = new PsCommand(context);
    for (int i = 1; i < args.length; i++) {
      switch (args[i]) {
        case "-a", "--all" -> command.all = true;
        case "-q", "--quiet" -> command.quiet = true;
        case "--no-trunc" -> command.noTruncation = true;
        default -> {
          return null;
        }
      }
    }
    return command;
  }

  @Override
  public Integer call() throws PodkitException {
    if (allHosts) {
      return PodsOfAllHosts.print(context, output, all, quiet);
    }
    List<PodStatus> pods = new ArrayList<>();
    for (PodStatus pod : context.runtime().pods().list()) {
      if (all || isActive(pod.state())) {
        pods.add(pod);
      }
    }
    if (output.json()) {
      Json.print(context.out(), PodListJson.of(pods));
    } else if (quiet) {
      pods.forEach(pod -> context.out().println(pod.name()));
    } else {
      PodTable.print(context.out(), pods, context.clock().instant(), noTruncation);
    }
    return 0;
  }

  private static boolean isActive(PodState state) {
    return state.hasProcesses() || state == PodState.ARRIVING;
  }
}
