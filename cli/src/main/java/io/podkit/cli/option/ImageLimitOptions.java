package io.podkit.cli.option;

import io.podkit.cli.convert.ByteSize;
import io.podkit.cli.convert.Typed;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageLimits;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much an image may ask for: options, else variables of our environment, else the standard. */
public final class ImageLimitOptions {
  private static final String SIZE = "PODKIT_IMAGE_MAX_SIZE";
  private static final String ENTRIES = "PODKIT_IMAGE_MAX_ENTRIES";

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

  /** The limits that were asked for. */
  public ImageLimits limits(Map<String, String> environment) throws PodkitException {
    ImageLimits standard = ImageLimits.STANDARD;
    String wantedSize = size == null ? environment.get(SIZE) : size;
    String wantedEntries = entries == null ? environment.get(ENTRIES) : entries;
    long bytes =
        wantedSize == null
            ? standard.bytes()
            : Typed.value(size == null ? SIZE : "--max-size", wantedSize, ByteSize::parse);
    long most =
        wantedEntries == null
            ? standard.entries()
            : Typed.value(
                entries == null ? ENTRIES : "--max-entries",
                wantedEntries,
                ImageLimitOptions::count);
    return Typed.combined(() -> new ImageLimits(most, bytes, standard.depth()));
  }

  private static long count(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException("'" + text + "' is not a number");
    }
    return Long.parseLong(text);
  }
}
