package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.core.api.PodName;
import io.podkit.core.api.Pods;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod logs}. */
@Command(
    name = "logs",
    description = "Print what a pod's command has written to standard output and standard error.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod logs web", "  pod logs -f --tail 20 web"})
public final class LogsCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the pod ends.")
  boolean follow;

  @Option(
      names = {"-n", "--tail"},
      paramLabel = "LINES",
      description = "Only the last lines of each stream.")
  @Nullable Integer tail;

  @Parameters(paramLabel = "POD", description = "Pod whose output to print.")
  String name = "";

  public LogsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    PodName pod = Typed.pod(name);
    if (tail != null && tail < 0) {
      throw PodkitException.usage("--tail: " + tail + " is less than no lines");
    }
    Pods pods = context.runtime().pods();
    try (LogFiles log =
        LogFiles.open(pods, pod, context.streams().out(), context.streams().err())) {
      log.skipToTail(tail);
      copy(pods, pod, log);
    } catch (IOException e) {
      throw PodkitException.io("cannot read the log of pod " + pod, e);
    }
    return 0;
  }

  private void copy(Pods pods, PodName pod, LogFiles log)
      throws IOException, PodkitException, InterruptedException {
    while (true) {
      // Asked before the copy: what a pod prints before its end is then never left out.
      boolean more = follow && runs(pods, pod);
      boolean any = log.copyRest();
      if (!more || log.readerGone()) {
        return;
      }
      if (!any) {
        Thread.sleep(LogCopy.POLL.toMillis());
      }
    }
  }

  private static boolean runs(Pods pods, PodName pod) throws PodkitException {
    try {
      return pods.status(pod).state().hasProcesses();
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return false; // removed, or moved to another host: its files are still open here
      }
      throw e;
    }
  }
}
