package io.podkit.criu.image;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;

/**
 * Takes the memory that a dump sends. Called on the thread that runs {@link PageServerStream}, in
 * the order of the stream: images one after the other, addresses ascending in each.
 */
public interface PageHandler {

  /**
   * A new image begins.
   *
   * @return whether an earlier dump of it is at hand, which makes {@link PageFlag#PARENT} possible
   */
  boolean open(MemoryImage image) throws IOException;

  /** A pre-dump asks whether an earlier dump of that image is at hand. */
  default boolean hasParent(MemoryImage image) throws IOException {
    return false;
  }

  /**
   * Pages with their contents.
   *
   * @param flags PRESENT, perhaps with LAZY
   * @param contents exactly the run's bytes; best read into direct buffers of a mebibyte. What is
   *     left unread is skipped. Not to be kept
   */
  void pages(MemoryImage image, PageRun run, Set<PageFlag> flags, ReadableByteChannel contents)
      throws IOException;

  /** Pages whose contents are not sent: PARENT, or LAZY alone. */
  void absent(MemoryImage image, PageRun run, Set<PageFlag> flags) throws IOException;

  /** Everything was received. CRIU goes on, and may kill the tasks, when this returns. */
  void finish() throws IOException;
}
