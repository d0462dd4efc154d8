package io.podkit.core.api;

/** Whether the hosts between which a pod moves have one storage for a volume, or each its own. */
public enum Sharing {
  /** The same storage on every host: proven before each move, never copied. */
  SHARED,
  /** Each host has its own: the content travels with the pod. */
  PRIVATE
}
