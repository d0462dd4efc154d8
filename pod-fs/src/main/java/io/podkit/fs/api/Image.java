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
 * @param history how it was made, the oldest step first; empty if nobody knows
 */
public record Image(
    ImageName name,
    List<LayerDigest> layers,
    Instant created,
    long size,
    ImageConfig config,
    List<HistoryEntry> history) {

  /** Copies the lists and refuses to have no layer. */
  public Image {
    layers = List.copyOf(layers);
    history = List.copyOf(history);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("image " + name + " has no layer");
    }
  }

  /** One of which nobody knows how it was made. */
  public Image(
      ImageName name, List<LayerDigest> layers, Instant created, long size, ImageConfig config) {
    this(name, layers, created, size, config, List.of());
  }
}
