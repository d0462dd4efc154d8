package io.podkit.cli.json;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code pod image history}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param image its name
 * @param steps the last first; of an image whose history nobody knows, a step for each layer
 */
public record ImageHistoryJson(int schemaVersion, String image, List<StepJson> steps) {

  /**
   * One step.
   *
   * @param layer what it added, if it added something
   * @param sizeBytes size of the layer's file; null without a layer, or if it is missing
   * @param created when
   * @param createdBy by which instruction
   * @param author by whom
   * @param comment a note
   */
  public record StepJson(
      @Nullable String layer,
      @Nullable Long sizeBytes,
      @Nullable String created,
      String createdBy,
      String author,
      String comment) {}

  /** How an image was made. */
  public static ImageHistoryJson of(Image image, LayerStore layers) throws PodkitException {
    List<HistoryEntry> known = image.history();
    if (known.isEmpty()) {
      known = image.layers().stream().map(l -> new HistoryEntry(null, "", "", "", l)).toList();
    }
    List<StepJson> steps = new ArrayList<>();
    for (HistoryEntry entry : known) {
      LayerDigest layer = entry.layer();
      boolean here = layer != null && layers.has(layer);
      steps.add(
          new StepJson(
              layer == null ? null : layer.toString(),
              layer != null && here ? layers.size(layer) : null,
              entry.created() == null ? null : entry.created().toString(),
              entry.createdBy(),
              entry.author(),
              entry.comment()));
    }
    Collections.reverse(steps);
    return new ImageHistoryJson(Shapes.SCHEMA_VERSION, image.name().value(), steps);
  }
}
