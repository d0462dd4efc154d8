package io.podkit.cli.command;

import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.option.FormatOption;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod pki issue}. */
@Command(
    name = "issue",
    description = "Make a key and certificate for a host, in a directory to take there.",
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.CONFLICT
    },
    footer = {
      "  pod pki issue hostb --address 192.0.2.2 -o b",
      "  scp -r b hostb: && ssh hostb pod pki install b"
    })
public final class PkiIssueCommand implements Callable<Integer> {
  private final Context context;

  @Mixin FormatOption output = new FormatOption();

  @Option(
      names = {"-a", "--address"},
      paramLabel = "ADDRESS",
      split = ",",
      description = "Another name or IP address by which other hosts call it.")
  List<String> addresses = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Directory to make (default: the host's name).")
  @Nullable Path directory;

  @Option(names = "--force", description = "Overwrite what an earlier call wrote there.")
  boolean force;

  @Parameters(paramLabel = "HOST", description = "Name by which other hosts call it.")
  String host = "";

  public PkiIssueCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    if (host.isBlank() || host.indexOf('/') >= 0 || host.startsWith(".")) {
      throw PodkitException.usage("'" + host + "' is not the name of a host");
    }
    Path target = (directory != null ? directory : Path.of(host)).toAbsolutePath();
    IssuedText.print(
        context.out(), context.pki().issue(host, addresses, target, force), output.json());
    return 0;
  }
}
