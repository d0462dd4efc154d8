package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Copies directory trees between hosts with everything the kernel lets a program set. */
public interface Trees {

  /** The tree beneath {@code directory}, to be sent; reads nothing yet. */
  TreeSource source(Path directory, TreeKind kind) throws PodkitException;

  /**
   * The directory into which a tree is received; it exists and is empty or holds earlier passes.
   */
  TreeTarget target(Path directory, TreeKind kind, TreeLimits limits) throws PodkitException;

  /**
   * Where inodes lie in a tree that may be in use; an inode of several names is found at one of
   * them. Reads the whole tree unless it finds all of them earlier.
   *
   * @param inodes their numbers on the filesystem of {@code directory}; others mounted in it are
   *     not searched
   * @return the path of each that was found, relative to {@code directory}, byte for byte; empty
   *     for the directory itself
   */
  Map<Long, byte[]> locate(Path directory, Set<Long> inodes) throws PodkitException;

  /** How much a tree holds. */
  TreeSize measure(Path directory) throws PodkitException;
}
