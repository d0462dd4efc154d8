package io.podkit.cli.json;

import io.podkit.migrate.api.EvacuationStatus;
import java.util.List;
import java.util.Map;

/**
 * The result of {@code pod host uncordon --bring-back}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param host where the pods come back to
 * @param from one for each host that had some, as in {@code pod host evacuate}
 * @param forgotten pods that are nowhere any more, and that are not asked for again
 * @param elsewhere pods that were moved on, each with its host; they stay there
 */
public record BringBackJson(
    int schemaVersion,
    String host,
    List<EvacuationJson> from,
    List<String> forgotten,
    Map<String, String> elsewhere) {
  public static BringBackJson of(
      String host,
      List<EvacuationStatus> from,
      List<String> forgotten,
      Map<String, String> elsewhere) {
    return new BringBackJson(
        Shapes.SCHEMA_VERSION,
        host,
        from.stream().map(EvacuationJson::of).toList(),
        forgotten,
        elsewhere);
  }
}
