package io.podkit.fs.api;

import java.time.Instant;
import java.util.List;

/**
 * An image that was imported on this host.
 *
 * @param name what it goes by here
 * @param layers its layers, the lowest first; never empty
 * @param created when it was imported
 * @param size sum of its layers' files, in bytes
 * @param config what it says about running it
 */
public record Image(
    ImageName name, List<LayerDigest> layers, Instant created, long size, ImageConfig config) {

  /** Copies the list of layers and refuses an empty one. */
  public Image {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("image " + name + " has no layer");
    }
  }
}
