package io.podkit.cli.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much an image may ask for. */
public final class ImageLimitOptions {
  @Option(
      names = "--max-size",
      paramLabel = "SIZE",
      description = "Most bytes of files in it, unpacked (default: $PODKIT_IMAGE_MAX_SIZE, 1t).")
  public @Nullable String size;

  @Option(
      names = "--max-entries",
      paramLabel = "N",
      description =
          "Most files and directories in it (default: $PODKIT_IMAGE_MAX_ENTRIES, 10000000).")
  public @Nullable String entries;
}
