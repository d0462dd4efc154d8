package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.json.VersionJson;
import io.podkit.cli.option.OutputOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pod version}. */
@Command(
    name = "version",
    description = "Print the versions of podkit and of what it runs on.",
    exitCodeList = {ExitText.OK, ExitText.USAGE},
    footer = {"  pod version -o json"})
public final class VersionCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  public VersionCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    VersionJson version = VersionJson.of(Version.podkit());
    if (output.json()) {
      Json.print(context.out(), version);
    } else {
      context.out().println("podkit " + version.podkit());
      context.out().println("java   " + version.java());
      context.out().println("os     " + version.os() + " " + version.architecture());
    }
    return 0;
  }
}
