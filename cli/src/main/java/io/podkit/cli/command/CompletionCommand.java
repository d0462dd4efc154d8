package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pod completion}. */
@Command(
    name = "completion",
    description = "Print a script that completes pod's commands and options in bash or zsh.",
    exitCodeList = {ExitText.OK, ExitText.USAGE},
    footer = {
      "  source <(pod completion bash)",
      "  pod completion bash > /etc/bash_completion.d/pod"
    })
public final class CompletionCommand implements Callable<Integer> {
  private final Context context;
  private final Supplier<CommandLine> everyCommand;

  @Parameters(paramLabel = "SHELL", arity = "0..1", description = "bash (the default) or zsh.")
  String shell = "bash";

  /**
   * @param everyCommand makes the whole command line; this one may know only the command at hand
   */
  public CompletionCommand(Context context, Supplier<CommandLine> everyCommand) {
    this.context = context;
    this.everyCommand = everyCommand;
  }

  @Override
  public Integer call() throws PodkitException {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw PodkitException.usage(
          "there is a completion for bash and zsh, not for '" + shell + "'");
    }
    // The script works in both: it turns on zsh's emulation of bash's completion by itself.
    context.out().print(AutoComplete.bash("pod", everyCommand.get()));
    return 0;
  }
}
