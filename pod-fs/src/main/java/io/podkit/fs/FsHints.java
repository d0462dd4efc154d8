package io.podkit.fs;

import io.podkit.error.Hint;

/** What a user can do about the failures of this module. */
public final class FsHints {

  /** A device node lies among a pod's files. */
  public static final Hint DEVICE_NODE =
      new Hint("remove the node, or move the pod without the volume that holds it");

  /** An overlay's upper directory cannot lie on an overlay. */
  public static final Hint UPPER_ON_OVERLAY = new Hint("put --root on a disk, a volume or a tmpfs");

  /** A mount failed. */
  public static final Hint CANNOT_MOUNT =
      new Hint("run as root; pod doctor shows what this host lacks");

  private FsHints() {}
}
