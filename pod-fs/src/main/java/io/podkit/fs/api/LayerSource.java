package io.podkit.fs.api;

import java.nio.file.Path;
import java.util.List;

/**
 * A directory on shared storage that layers are mounted from, as it stands now.
 *
 * @param directory where this host sees it
 * @param reachable whether it can be read
 * @param layers in it, by digest; not compared with their content
 * @param bytes the sum of their files
 */
public record LayerSource(Path directory, boolean reachable, List<LayerDigest> layers, long bytes) {

  /** Copies the list. */
  public LayerSource {
    layers = List.copyOf(layers);
  }
}
