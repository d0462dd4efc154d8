package io.podkit.cli.console;

import io.podkit.error.Hint;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what a command throws, and what picocli cannot parse, into lines and an exit code. */
public final class FailureHandler
    implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final BooleanSupplier withStackTrace;

  /**
   * @param withStackTrace asked when a failure is written, because the option is parsed later
   */
  public FailureHandler(BooleanSupplier withStackTrace) {
    this.withStackTrace = withStackTrace;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    command.getOut().flush();
    new FailureReport(command.getErr(), withStackTrace.getAsBoolean()).write(failure);
    var kind = FailureReport.kindOf(failure);
    ExitCode code = passesOnStatus(command) ? ExitCode.beforeRunning(kind) : ExitCode.of(kind);
    return code.code();
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    ParameterException reason = rootReason(failure);
    FailureReport report = new FailureReport(command.getErr(), withStackTrace.getAsBoolean());
    String name = command.getCommandSpec().qualifiedName();
    report.error(name + ": " + what(reason));
    report.hint(hint(reason, name));
    command.getErr().print(command.getHelp().fullSynopsis());
    command.getErr().flush();
    return passesOnStatus(command) ? ExitCode.NOT_RUN_CODE : ExitCode.USAGE.code();
  }

  /** A mistyped option is the reason why the right one is missing, which picocli reports first. */
  private static ParameterException rootReason(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    if (failure instanceof MissingParameterException) {
      List<String> unmatched = command.getUnmatchedArguments();
      if (!unmatched.isEmpty()) {
        return new UnmatchedArgumentException(command, unmatched);
      }
    }
    return failure;
  }

  private static String what(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      String argument = unmatched.getUnmatched().get(0);
      boolean expectsCommand = !failure.getCommandLine().getSubcommands().isEmpty();
      String kind = expectsCommand ? "unknown command" : "unexpected argument";
      return (argument.startsWith("-") ? "unknown option" : kind) + " '" + argument + "'";
    }
    String message = String.valueOf(failure.getMessage());
    return Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }

  private static Hint hint(ParameterException failure, String name) {
    String help = "'" + name + " --help' shows what it takes";
    if (failure instanceof UnmatchedArgumentException unmatched) {
      CommandLine command = failure.getCommandLine();
      String argument = unmatched.getUnmatched().get(0);
      List<String> meant =
          Suggestions.nearest(
              argument,
              argument.startsWith("-")
                  ? command.getCommandSpec().optionsMap().keySet()
                  : command.getSubcommands().keySet());
      if (!meant.isEmpty()) {
        return new Hint("did you mean " + String.join(" or ", meant) + "? " + help);
      }
    }
    return new Hint(help);
  }

  private static boolean passesOnStatus(CommandLine command) {
    return command.getCommandSpec().exitCodeOnExecutionException() == ExitCode.NOT_RUN_CODE;
  }
}
