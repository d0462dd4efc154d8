package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.console.StatsTable;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.StatsJson;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodStats;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod stats}. */
@Command(
    name = "stats",
    description = "Show what running pods use: again and again, or once.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod stats", "  pod stats --no-stream -o json web"})
public final class StatsCommand implements Callable<Integer> {
  private static final Duration ONCE = Duration.ofMillis(250);
  private static final Duration STREAM = Duration.ofSeconds(1);

  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(names = "--no-stream", description = "Show one sample and end.")
  boolean noStream;

  @Parameters(paramLabel = "POD", arity = "0..*", description = "Pods to show (default: all).")
  List<String> names = new ArrayList<>();

  public StatsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException, InterruptedException {
    List<PodName> asked = Typed.pods(names);
    Pods pods = context.runtime().pods();
    StatsSampler sampler = new StatsSampler(pods);
    boolean first = true;
    while (true) {
      List<PodName> shown = asked.isEmpty() ? running(pods) : asked;
      Duration interval = noStream ? ONCE : STREAM;
      List<PodStats> sample = sampler.sample(shown, interval, !asked.isEmpty());
      if (output.json()) {
        printJson(sample);
      } else {
        StatsTable.print(context.out(), sample, !first && context.terminal().isOutput());
      }
      context.out().flush();
      if (noStream || context.out().checkError()) {
        return 0;
      }
      if (shown.isEmpty()) {
        Thread.sleep(interval.toMillis());
      }
      first = false;
    }
  }

  private void printJson(List<PodStats> sample) {
    StatsJson.Sample shape = StatsJson.Sample.of(sample);
    if (noStream) {
      Json.print(context.out(), shape);
    } else {
      Json.printLine(context.out(), shape);
    }
  }

  private static List<PodName> running(Pods pods) throws PodkitException {
    return pods.list().stream()
        .filter(pod -> pod.state().hasProcesses())
        .map(PodStatus::name)
        .toList();
  }
}
