package io.podkit.cli.json;

import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.LayerCheck;
import java.util.List;

/**
 * The result of {@code pod image verify}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param good whether every layer is
 * @param layers by digest
 */
public record LayerChecksJson(int schemaVersion, boolean good, List<CheckedLayerJson> layers) {

  /**
   * One layer.
   *
   * @param layer its digest
   * @param verdict good, damaged or missing
   * @param sizeBytes of its file
   * @param images those that need it
   */
  public record CheckedLayerJson(
      String layer, String verdict, long sizeBytes, List<String> images) {}

  public static LayerChecksJson of(List<LayerCheck> checks) {
    return new LayerChecksJson(
        Shapes.SCHEMA_VERSION,
        checks.stream().allMatch(LayerCheck::isGood),
        checks.stream()
            .map(
                check ->
                    new CheckedLayerJson(
                        check.layer().toString(),
                        Shapes.name(check.verdict()),
                        check.size(),
                        check.images().stream().map(ImageName::value).toList()))
            .toList());
  }
}
