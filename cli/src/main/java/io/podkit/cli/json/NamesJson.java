package io.podkit.cli.json;

import java.util.List;

/**
 * The result of a command that does one thing to several pods or images.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param done the names it was done to
 */
public record NamesJson(int schemaVersion, List<String> done) {
  public static NamesJson of(List<String> done) {
    return new NamesJson(Shapes.SCHEMA_VERSION, List.copyOf(done));
  }
}
