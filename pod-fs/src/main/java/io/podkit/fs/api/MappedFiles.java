package io.podkit.fs.api;

import java.util.List;

/**
 * Files of a tree that processes have mapped so that they can write to them: nobody is told of a
 * store.
 *
 * @param paths relative to the tree, byte for byte; some may lie elsewhere by now
 * @param complete whether these are all; if not, the tree has to be searched
 */
public record MappedFiles(List<byte[]> paths, boolean complete) {

  /** Nothing is known. */
  public static final MappedFiles UNKNOWN = new MappedFiles(List.of(), false);

  /** No file is mapped. */
  public static final MappedFiles NONE = new MappedFiles(List.of(), true);

  /** Keeps a copy of the list. */
  public MappedFiles {
    paths = List.copyOf(paths);
  }
}
