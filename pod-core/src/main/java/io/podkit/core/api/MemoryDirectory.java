package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * A directory in memory for one dump or restore, so that memory images never touch a disk; closing
 * gives all of it back at once.
 */
public interface MemoryDirectory extends AutoCloseable {
  /** A subdirectory, made on first use. */
  Path sub(String name) throws PodkitException;

  /** Where a subdirectory lies that was made before. */
  Path existing(String name);

  @Override
  void close() throws PodkitException;
}
