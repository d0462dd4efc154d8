package io.podkit.core.container;

import io.podkit.core.store.EngineContainer;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.ImportRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The image of an engine's container among this host's own images, so that its layers are offered
 * to other hosts like any pod's. It is imported once, under a name that says what it is, and is
 * removed like any image.
 */
public final class ContainerImage {
  private static final String PREFIX = "podman/";
  private static final int SHORT_ID = 12;

  private final ImageStore images;

  public ContainerImage(ImageStore images) {
    this.images = images;
  }

  /** What the engine's image is called here. */
  static ImageName name(String image) {
    return new ImageName(PREFIX + image.substring(0, Math.min(SHORT_ID, image.length())));
  }

  /**
   * Its layers, lowest first; takes as long as an import if this is the first container of that
   * image.
   *
   * @param scratch a directory, made if it is missing; nothing stays in it
   */
  public List<String> layers(EngineContainer container, String image, Path scratch)
      throws PodkitException {
    ImageName name = name(image);
    Optional<Image> known = images.find(name);
    Image imported = known.isPresent() ? known.get() : take(container, image, scratch);
    return imported.layers().stream().map(Object::toString).toList();
  }

  private Image take(EngineContainer container, String image, Path scratch) throws PodkitException {
    Path file = scratch.resolve("image.tar");
    try {
      Files.createDirectories(scratch);
      Files.deleteIfExists(file); // of a command that died
      try {
        new PodmanEngine(container.command(), container.ref().id()).save(image, file);
        return images.importImage(ImportRequest.of(name(image), file), (done, total) -> {});
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot take over image " + image, e);
    }
  }
}
