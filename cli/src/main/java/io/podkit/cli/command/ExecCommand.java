package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.core.api.Attachment;
import io.podkit.core.api.ExecSpec;
import io.podkit.core.api.PodName;
import io.podkit.core.api.TerminalSize;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod exec}. */
@Command(
    name = "exec",
    description = "Run a command in a running pod; it belongs to the pod and moves with it.",
    exitCodeOnInvalidInput = ExitCode.NOT_RUN_CODE,
    exitCodeOnExecutionException = ExitCode.NOT_RUN_CODE,
    exitCodeList = {
      ExitText.STATUS,
      ExitText.NOT_RUN,
      ExitText.NOT_EXECUTABLE,
      ExitText.COMMAND_NOT_FOUND
    },
    footer = {"  pod exec web -- ps aux", "  pod exec -it -u postgres db -- psql"})
public final class ExecCommand implements Callable<Integer> {
  private static final TerminalSize USUAL_SIZE = new TerminalSize(24, 80);

  private final Context context;

  @Option(
      names = {"-i", "--interactive"},
      description = "Feed it our standard input.")
  boolean interactive;

  @Option(
      names = {"-t", "--tty"},
      description = "Give it a terminal.")
  boolean tty;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME[=VALUE]",
      description = "Set a variable; without =VALUE take ours.")
  List<String> env = new ArrayList<>();

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER[:GROUP]",
      description = "Run as this user of the pod instead of the pod's own.")
  @Nullable String user;

  @Option(
      names = {"-w", "--workdir"},
      paramLabel = "DIR",
      description = "Start in this directory of the pod.")
  @Nullable String workdir;

  @Parameters(index = "0", paramLabel = "POD", description = "Pod to run it in.")
  String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "Program and arguments.")
  List<String> command = new ArrayList<>();

  public ExecCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    PodName pod = Typed.pod(name);
    Map<String, String> variables = Typed.environment(env, context.environment());
    TerminalSize size = tty ? context.terminal().size().orElse(USUAL_SIZE) : null;
    List<String> words = Typed.afterDashes(command);
    ExecSpec spec =
        Typed.combined(() -> new ExecSpec(words, variables, user, workdir, size, interactive));
    try (Attachment attachment = context.runtime().pods().exec(pod, spec)) {
      return new Foreground(context).relay(attachment, tty, interactive).orElse(0);
    }
  }
}
