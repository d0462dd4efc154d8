package io.podkit.fs.api;

/** What sort of tree is copied; says which nodes and attributes may be in it. */
public enum TreeKind {
  /** The upper directory of an overlay: whiteouts and the overlay's own attributes are carried. */
  UPPER,
  /** A pod's {@code /dev}: the standard device nodes are carried, no others. */
  DEV,
  /** Any other directory: no device nodes. */
  PLAIN
}
