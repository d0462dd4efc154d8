package io.podkit.fs;

import io.podkit.error.Hint;

/** What a user can do about the failures of this module. */
public final class FsHints {

  /** A device node lies among a pod's files. */
  public static final Hint DEVICE_NODE =
      new Hint("remove the node, or move the pod without the volume that holds it");

  private FsHints() {}
}
