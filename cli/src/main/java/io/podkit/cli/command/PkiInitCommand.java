package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pod pki init}. */
@Command(
    name = "init",
    description = "Make the certificate authority that vouches for your hosts; on one host only.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.CONFLICT},
    footer = {"  pod pki init"})
public final class PkiInitCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--force",
      description = "Replace an authority; hosts it vouched for must get new certificates.")
  boolean force;

  public PkiInitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    IssuedText.print(context.out(), context.pki().init(force), output.json());
    return 0;
  }
}
