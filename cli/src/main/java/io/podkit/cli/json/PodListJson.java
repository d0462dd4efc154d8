package io.podkit.cli.json;

import io.podkit.core.api.PodStatus;
import java.util.List;

/**
 * The result of {@code pod ps}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param pods by name
 */
public record PodListJson(int schemaVersion, List<PodSummaryJson> pods) {
  public static PodListJson of(List<PodStatus> pods) {
    return new PodListJson(Shapes.SCHEMA_VERSION, pods.stream().map(PodSummaryJson::of).toList());
  }
}
