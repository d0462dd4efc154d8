package io.podkit.core.api;

import java.nio.file.Path;

/**
 * One directory tree that belongs to a pod and travels with it.
 *
 * @param kind which of the pod's trees
 * @param label the kind, and for a volume its destination: unique within a pod
 * @param directory where it lies on this host
 */
public record PodTree(Kind kind, String label, Path directory) {
  /** The trees of a pod. */
  public enum Kind {
    /** What the pod wrote over its layers. */
    UPPER,
    /** Its {@code /dev}: the standard nodes and what the pod made there. */
    DEV,
    /** Its {@code /dev/shm}. */
    SHM,
    /** A volume that the target does not see. */
    VOLUME
  }
}
