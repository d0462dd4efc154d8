package io.podkit.cli.command;

import io.podkit.cli.console.ExitCode;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.FailureReport;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.HookJson;
import io.podkit.cli.option.HooksDirOption;
import io.podkit.cli.option.OutputOption;
import io.podkit.core.api.AnnotationRule;
import io.podkit.core.api.HookStatus;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pod hook install}. */
@Command(
    name = "install",
    description = {
      "Have engines that read a directory of hooks call Podkit's for containers they start from now"
          + " on; done again, it replaces what was there.",
      "The engine calls a copy of its own in --root, because it starts no container at all while a"
          + " hook is missing."
    },
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.CONFLICT},
    footer = {
      "  pod hook install",
      "  pod hook install --annotation io.podkit=yes",
      "  pod hook install --hooks-dir /etc/containers/oci/hooks.d"
    })
public final class HookInstallCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Mixin HooksDirOption hooks = new HooksDirOption();

  @Option(
      names = "--annotation",
      paramLabel = "KEY[=VALUE]",
      description = "Only containers so annotated; of several, all must match.")
  List<String> annotations = new ArrayList<>();

  public HookInstallCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    List<AnnotationRule> rules = Typed.values("--annotation", annotations, AnnotationRule::parse);
    HookStatus status = context.runtime().containerHook().install(hooks.directory(), rules);
    if (output.json()) {
      Json.print(context.out(), HookJson.of(status));
    } else {
      context.out().println(status.file());
    }
    if (!status.works()) {
      new FailureReport(context.err(), false)
          .warning("it does not work yet, and containers may not start: see pod hook status");
      return ExitCode.FAILURE.code();
    }
    return 0;
  }
}
