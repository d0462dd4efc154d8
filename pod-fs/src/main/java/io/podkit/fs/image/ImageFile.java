package io.podkit.fs.image;

import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.LayerDigest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image as it is written to disk.
 *
 * @param schemaVersion version of this shape
 * @param name what it goes by
 * @param layers digests, the lowest first
 * @param created ISO time
 * @param size bytes of all layers
 * @param entrypoint see {@link ImageConfig}
 * @param command see {@link ImageConfig}
 * @param environment see {@link ImageConfig}
 * @param workingDirectory see {@link ImageConfig}
 * @param user see {@link ImageConfig}
 */
record ImageFile(
    int schemaVersion,
    String name,
    List<String> layers,
    String created,
    long size,
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    @Nullable String workingDirectory,
    @Nullable String user) {

  static ImageFile of(Image image) {
    ImageConfig config = image.config();
    return new ImageFile(
        1,
        image.name().value(),
        image.layers().stream().map(LayerDigest::toString).toList(),
        image.created().toString(),
        image.size(),
        config.entrypoint(),
        config.command(),
        config.environment(),
        config.workingDirectory(),
        config.user());
  }

  Image toImage() {
    return new Image(
        new ImageName(name),
        layers.stream().map(LayerDigest::parse).toList(),
        Instant.parse(created),
        size,
        new ImageConfig(entrypoint, command, environment, workingDirectory, user));
  }
}
