package io.podkit.migrate.memory.tracking;

import io.podkit.error.PodkitException;

/** Takes the pages that a tracker finds, while it goes on looking. */
@FunctionalInterface
public interface RunSink {
  /**
   * Adjacent pages to be sent.
   *
   * @param address of the first byte; in a shared object, its offset
   */
  void run(PageSource source, long address, long pages) throws PodkitException;
}
