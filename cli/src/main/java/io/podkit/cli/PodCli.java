package io.podkit.cli;

import io.podkit.cli.command.PsCommand;
import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.FailureReport;
import io.podkit.cli.context.Context;
import io.podkit.error.PodkitException;

/** The entry point of the {@code pod} command; loading this class must not load picocli. */
public final class PodCli {
  private PodCli() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Context.ofProcess(), args));
  }

  /** Runs one command and returns its exit code; everything it printed is flushed. */
  public static int run(Context context, String... args) {
    try {
      PsCommand plain = PsCommand.ofPlain(context, args);
      return plain != null ? callPlain(plain, context) : new CommandTable(context).run(args);
    } finally {
      context.out().flush();
      context.err().flush();
    }
  }

  private static int callPlain(PsCommand command, Context context) {
    try {
      return command.call();
    } catch (PodkitException | RuntimeException e) {
      new FailureReport(context.err(), false).write(e);
      return ExitCode.of(FailureReport.kindOf(e)).code();
    }
  }
}
