package io.podkit.cli.option;

import picocli.CommandLine.Option;

/** {@link OutputOption} for commands whose {@code -o} is a file. */
public final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Print the result as table (the default) or json.")
  Format format = Format.TABLE;

  public boolean json() {
    return format == Format.JSON;
  }
}
