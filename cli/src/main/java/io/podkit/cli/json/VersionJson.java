package io.podkit.cli.json;

/**
 * The result of {@code pod version}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param podkit version of podkit
 * @param java version of the Java that runs it
 * @param os kernel and its release
 * @param architecture machine architecture
 */
public record VersionJson(
    int schemaVersion, String podkit, String java, String os, String architecture) {
  public static VersionJson of(String podkit) {
    return new VersionJson(
        Shapes.SCHEMA_VERSION,
        podkit,
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("os.arch"));
  }
}
