package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod pki install}. */
@Command(
    name = "install",
    description = "Take what pod pki issue wrote as this host's own key and certificate.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT,
      ExitText.REFUSED
    },
    footer = {"  pod pki install b"})
public final class PkiInstallCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(names = "--force", description = "Replace another key and certificate.")
  boolean force;

  @Parameters(paramLabel = "DIR", description = "Directory that pod pki issue made.")
  Path bundle = Path.of("");

  public PkiInstallCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    IssuedText.print(
        context.out(), context.pki().install(bundle.toAbsolutePath(), force), output.json());
    return 0;
  }
}
