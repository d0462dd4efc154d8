package io.podkit.cli.json;

import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerSource;
import java.util.List;

/**
 * A layer source.
 *
 * @param directory where this host sees it
 * @param reachable whether it can be read now
 * @param layers digests of the layers in it, by name
 * @param sizeBytes sum of their files, in bytes
 */
public record LayerSourceJson(
    String directory, boolean reachable, List<String> layers, long sizeBytes) {

  /**
   * Several of them.
   *
   * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
   * @param sources in the order in which they are searched
   */
  public record ListOf(int schemaVersion, List<LayerSourceJson> sources) {
    public static ListOf of(List<LayerSource> sources) {
      return new ListOf(Shapes.SCHEMA_VERSION, sources.stream().map(LayerSourceJson::of).toList());
    }
  }

  private static LayerSourceJson of(LayerSource source) {
    return new LayerSourceJson(
        source.directory().toString(),
        source.reachable(),
        source.layers().stream().map(LayerDigest::toString).toList(),
        source.bytes());
  }
}
