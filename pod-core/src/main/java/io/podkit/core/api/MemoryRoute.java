package io.podkit.core.api;

import io.podkit.linux.Fd;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which way the contents of a pod's memory go in a dump.
 *
 * @param socket CRIU's page-server protocol is spoken on it; null if none is
 * @param plan says what CRIU leaves out, because somebody else carries it: written as {@code
 *     io.podkit.criu.PageFilter} does, before {@link FrozenSteps#frozen} returns; null if nothing
 */
public record MemoryRoute(@Nullable Fd socket, @Nullable Path plan) {
  /** Into the images. */
  public static final MemoryRoute IMAGES = new MemoryRoute(null, null);

  /** Through a connected socket, which is handed over. */
  public static MemoryRoute through(Fd socket) {
    return new MemoryRoute(socket, null);
  }

  /**
   * Past CRIU: only what the plan does not name comes into the images.
   *
   * @param plan a file that does not exist yet, on a tmpfs if the time matters
   */
  public static MemoryRoute around(Path plan) {
    return new MemoryRoute(null, plan);
  }
}
