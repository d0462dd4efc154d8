package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.FailureReport;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.NamesJson;
import io.podkit.core.api.PodName;
import io.podkit.core.api.Pods;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;

/**
 * Does one thing to several pods, as podman does: a failure of one does not keep the others from
 * their turn, each name it was done to is printed, and the first failure decides the exit code.
 */
final class EachPod {
  private EachPod() {}

  interface Action {
    void apply(Pods pods, PodName name) throws PodkitException, InterruptedException;
  }

  static int apply(Context context, List<String> names, boolean json, Action action)
      throws PodkitException, InterruptedException {
    List<PodName> all = Typed.pods(names);
    Pods pods = context.runtime().pods();
    List<String> done = new ArrayList<>();
    ExitCode code = ExitCode.OK;
    for (PodName name : all) {
      try {
        action.apply(pods, name);
        done.add(name.value());
        if (!json) {
          context.out().println(name);
          context.out().flush();
        }
      } catch (PodkitException e) {
        new FailureReport(context.err(), context.options().stacktrace()).write(e);
        code = code == ExitCode.OK ? ExitCode.of(e.kind()) : code;
      }
    }
    if (json) {
      Json.print(context.out(), NamesJson.of(done));
    }
    return code.code();
  }
}
