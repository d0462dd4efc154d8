package io.podkit.cli.option;

import picocli.CommandLine.Option;

/** {@code -o json}, wherever there is output. */
public final class OutputOption {
  @Option(
      names = {"-o", "--format"},
      paramLabel = "FORMAT",
      description = "Print the result as table (the default) or json.")
  Format format = Format.TABLE;

  public boolean json() {
    return format == Format.JSON;
  }
}
