package io.podkit.core.api;

import io.podkit.criu.PageFilter;
import io.podkit.linux.Fd;
import org.jspecify.annotations.Nullable;

/**
 * Which way the contents of a pod's memory go in a dump.
 *
 * @param socket CRIU's page-server protocol is spoken on it; null if none is
 * @param filter says what CRIU leaves out, because somebody else carries it; null if nothing
 */
public record MemoryRoute(@Nullable Fd socket, @Nullable PageFilter filter) {
  /** Into the images. */
  public static final MemoryRoute IMAGES = new MemoryRoute(null, null);

  /** Through a connected socket, which is handed over. */
  public static MemoryRoute through(Fd socket) {
    return new MemoryRoute(socket, null);
  }

  /** Past CRIU: only what the filter does not name comes into the images. */
  public static MemoryRoute around(PageFilter filter) {
    return new MemoryRoute(null, filter);
  }
}
