package io.podkit.cli.json;

import io.podkit.fs.api.LayerSources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code pod layer-source verify} found.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param layers every layer that was read
 */
public record LayerVerificationJson(int schemaVersion, List<Layer> layers) {

  /**
   * One layer.
   *
   * @param directory where it lies
   * @param digest what its name says
   * @param ok whether its content is that
   * @param problem what is wrong with it, or null
   */
  public record Layer(String directory, String digest, boolean ok, @Nullable String problem) {}

  public static LayerVerificationJson of(List<LayerSources.Verified> results) {
    return new LayerVerificationJson(
        Shapes.SCHEMA_VERSION,
        results.stream()
            .map(
                one ->
                    new Layer(
                        one.directory().toString(),
                        one.layer().toString(),
                        one.problem().isEmpty(),
                        one.problem().isEmpty() ? null : one.problem()))
            .toList());
  }
}
