package io.podkit.core.api;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's files are stacked on: an imported image or a directory of the host; exactly one of
 * the two.
 *
 * @param image name of an imported image, or null
 * @param rootfs absolute directory on the host used as the lower layer, or null
 */
public record PodSource(@Nullable String image, @Nullable Path rootfs) {
  public PodSource {
    if ((image == null) == (rootfs == null)) {
      throw new IllegalArgumentException("a pod needs either an image or a rootfs directory");
    }
  }

  public static PodSource image(String name) {
    return new PodSource(name, null);
  }

  public static PodSource rootfs(Path directory) {
    return new PodSource(null, directory.toAbsolutePath().normalize());
  }

  @Override
  public String toString() {
    return image != null ? image : Objects.requireNonNull(rootfs).toString();
  }
}
