package io.podkit.cli.convert;

import io.podkit.cli.option.ImageLimitOptions;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageLimits;
import java.util.Map;

/** How much an image may ask for: options, else variables of our environment, else the standard. */
public final class ImageLimitChoices {
  private static final String SIZE = "PODKIT_IMAGE_MAX_SIZE";
  private static final String ENTRIES = "PODKIT_IMAGE_MAX_ENTRIES";

  private ImageLimitChoices() {}

  /**
   * The limits that were asked for.
   *
   * @throws PodkitException USAGE, naming the option or variable that is wrong
   */
  public static ImageLimits of(ImageLimitOptions options, Map<String, String> environment)
      throws PodkitException {
    ImageLimits standard = ImageLimits.STANDARD;
    String size = options.size == null ? environment.get(SIZE) : options.size;
    String entries = options.entries == null ? environment.get(ENTRIES) : options.entries;
    long bytes =
        size == null
            ? standard.bytes()
            : Typed.value(options.size == null ? SIZE : "--max-size", size, ByteSize::parse);
    long most =
        entries == null
            ? standard.entries()
            : Typed.value(
                options.entries == null ? ENTRIES : "--max-entries",
                entries,
                ImageLimitChoices::count);
    return Typed.combined(() -> new ImageLimits(most, bytes, standard.depth()));
  }

  private static long count(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException("'" + text + "' is not a number");
    }
    return Long.parseLong(text);
  }
}
