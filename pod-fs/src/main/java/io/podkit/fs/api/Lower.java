package io.podkit.fs.api;

import java.nio.file.Path;
import java.util.List;

/** What a pod's own writes are stacked on. */
public sealed interface Lower {

  /**
   * Layers of an image.
   *
   * @param layers the lowest first; never empty
   */
  record Layers(List<LayerDigest> layers) implements Lower {
    /** Copies the list and refuses an empty one. */
    public Layers {
      layers = List.copyOf(layers);
      if (layers.isEmpty()) {
        throw new IllegalArgumentException("a pod needs at least one layer");
      }
    }
  }

  /**
   * A directory of this host; the pod never writes to it.
   *
   * @param directory absolute
   */
  record HostDirectory(Path directory) implements Lower {
    /** Normalises the path and refuses a relative one. */
    public HostDirectory {
      directory = directory.normalize();
      if (!directory.isAbsolute()) {
        throw new IllegalArgumentException("root directory " + directory + " is not absolute");
      }
    }
  }
}
