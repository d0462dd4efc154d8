package io.podkit.cli.json;

import io.podkit.fs.api.Image;
import io.podkit.fs.api.LayerDigest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image; as a result of its own it is an element of a {@link ListOf} too.
 *
 * @param name its name
 * @param layers digests, the lowest first
 * @param created when it was imported
 * @param sizeBytes sum of its layers' files, in bytes
 * @param entrypoint words put before the command
 * @param command words used when the user gives none
 * @param env {@code NAME=value}
 * @param workdir where the command starts
 * @param user who the command runs as
 * @param stopSignal what asks the command to end; null for SIGTERM
 * @param exposedPorts what it listens on
 * @param volumes directories that it wants kept apart
 * @param labels notes of whoever made it
 */
public record ImageJson(
    String name,
    List<String> layers,
    String created,
    long sizeBytes,
    List<String> entrypoint,
    List<String> command,
    List<String> env,
    @Nullable String workdir,
    @Nullable String user,
    @Nullable String stopSignal,
    List<String> exposedPorts,
    List<String> volumes,
    Map<String, String> labels) {

  /**
   * Several images.
   *
   * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
   * @param images by name
   */
  public record ListOf(int schemaVersion, List<ImageJson> images) {
    public static ListOf of(List<Image> images) {
      return new ListOf(Shapes.SCHEMA_VERSION, images.stream().map(ImageJson::of).toList());
    }
  }

  /** All that is known of one. */
  public static ImageJson of(Image image) {
    return new ImageJson(
        image.name().value(),
        image.layers().stream().map(LayerDigest::toString).toList(),
        image.created().toString(),
        image.size(),
        image.config().entrypoint(),
        image.config().command(),
        image.config().environment(),
        image.config().workingDirectory(),
        image.config().user(),
        image.config().stopSignal(),
        image.config().exposedPorts(),
        image.config().volumes(),
        image.config().labels());
  }
}
