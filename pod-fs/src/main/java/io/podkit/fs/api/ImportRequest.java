package io.podkit.fs.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to import, and as what.
 *
 * @param name the name to give it; an image of that name is replaced
 * @param source a directory, or a tar file, plain or packed with gzip, zstd or xz (told by its
 *     content, not by its name); either may hold an image of several layers, as an OCI layout or as
 *     docker and podman save it
 * @param reference which image of those in the source; null for the only one
 * @param base an image whose layers lie beneath the new one, or null for an image of its own
 * @param config what the image says about running it; parts that are empty are taken from the base
 * @param limits what it may ask for
 */
public record ImportRequest(
    ImageName name,
    Path source,
    @Nullable String reference,
    @Nullable ImageName base,
    ImageConfig config,
    ImageLimits limits) {

  /** The only image there, with the configuration that it brings. */
  public static ImportRequest of(ImageName name, Path source) {
    return new ImportRequest(name, source, null, null, ImageConfig.EMPTY, ImageLimits.STANDARD);
  }

  /** The same on top of that image. */
  public ImportRequest onTopOf(ImageName baseImage) {
    return new ImportRequest(name, source, reference, baseImage, config, limits);
  }

  /** With the limits that hold unless somebody asks for others. */
  public ImportRequest(
      ImageName name,
      Path source,
      @Nullable String reference,
      @Nullable ImageName base,
      ImageConfig config) {
    this(name, source, reference, base, config, ImageLimits.STANDARD);
  }
}
