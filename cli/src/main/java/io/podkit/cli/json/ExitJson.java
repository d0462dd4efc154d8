package io.podkit.cli.json;

/**
 * The result of {@code pod wait}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param name the pod
 * @param exitCode how it ended, 128+n for signal n
 */
public record ExitJson(int schemaVersion, String name, int exitCode) {
  public static ExitJson of(String name, int exitCode) {
    return new ExitJson(Shapes.SCHEMA_VERSION, name, exitCode);
  }
}
