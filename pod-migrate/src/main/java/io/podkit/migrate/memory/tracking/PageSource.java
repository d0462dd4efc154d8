package io.podkit.migrate.memory.tracking;

import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import java.io.IOException;

/**
 * Memory of a pod that can be read: a process's own, or an object that processes share. May be read
 * by several threads at once, and while the pod runs.
 */
public interface PageSource {
  /** Which memory image its pages belong to: CRIU's number. */
  long memory();

  /**
   * Whether processes share it: then all of it has to be in place before any of them runs, because
   * what one has filled in by a fault another may read past userfaultfd.
   */
  default boolean isShared() {
    return false;
  }

  /**
   * Reads pages into a buffer, one behind the other from its position, and advances the position.
   * Pages that have vanished since they were found are left out at the end: the pod runs, and what
   * it unmapped it does not need.
   *
   * @return bytes read; fewer than asked for if a page could not be read, which is then the next
   *     one
   */
  long read(MemoryRanges ranges, NativeBuffer into) throws IOException;
}
