package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.CopyRequest;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pod cp}. */
@Command(
    name = "cp",
    description = "Copy a file or directory out of a pod or into it.",
    exitCodeList = {ExitText.OK, ExitText.FAILURE, ExitText.USAGE, ExitText.NOT_FOUND},
    footer = {"  pod cp web:/var/log/nginx ./logs", "  pod cp site.conf web:/etc/nginx/conf.d/"})
public final class CpCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "PATH, or POD:PATH.")
  String source = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "PATH, or POD:PATH.")
  String target = "";

  public CpCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    CopyRequest request = CopyRequest.parse(source, target);
    try (Activity copying = context.activity("copying " + source);
        RootedFiles files = context.runtime().pods().files(request.pod())) {
      if (request.intoPod()) {
        files.copyIn(request.hostPath(), request.podPath());
      } else {
        files.copyOut(request.podPath(), request.hostPath());
      }
    }
    return 0;
  }
}
