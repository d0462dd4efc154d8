package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;

/** Copies directory trees between hosts with everything the kernel lets a program set. */
public interface Trees {

  /** The tree beneath {@code directory}, to be sent; reads nothing yet. */
  TreeSource source(Path directory, TreeKind kind) throws PodkitException;

  /**
   * The directory into which a tree is received; it exists and is empty or holds earlier passes.
   */
  TreeTarget target(Path directory, TreeKind kind, TreeLimits limits) throws PodkitException;

  /** How much a tree holds. */
  TreeSize measure(Path directory) throws PodkitException;
}
