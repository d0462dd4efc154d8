package io.podkit.fs;

import io.podkit.error.Hint;

/** What a user can do about the failures of this module. */
public final class FsHints {

  /** A device node lies among a pod's files. */
  public static final Hint DEVICE_NODE =
      new Hint("remove the node, or move the pod without the volume that holds it");

  /** A layer that a pod or an image names is not in the store. */
  public static final Hint LAYER_MISSING = new Hint("import the image again");

  /** A layer's file is not what its name says. */
  public static final Hint LAYER_DAMAGED =
      new Hint("remove that file and import the image again: something has changed or cut it");

  /** A directory that should be shared storage is not there. */
  public static final Hint MOUNT_SOURCE = new Hint("mount the shared storage there first");

  /** A layer is on shared storage, but cannot be used. */
  public static final Hint SOURCE_BROKEN =
      new Hint(
          "mount the shared storage again, or replace the file there; pod layer-source verify says"
              + " what is wrong");

  /** No layer source has that name. */
  public static final Hint SOURCES = new Hint("pod layer-source ls names them");

  /** Layers would not be found any more. */
  public static final Hint SOURCE_IN_USE =
      new Hint("remove the pods and images first, or import the image here");

  /** A layer that came is not the one that was announced. */
  public static final Hint LAYER_WRONG =
      new Hint("its file on the other host is damaged: import the image there again");

  /** A layer did not fit on the disk. */
  public static final Hint DISK_FULL =
      new Hint("make room under --root there; pod image prune removes what nothing needs");

  /** No image has that name. */
  public static final Hint IMAGE_MISSING =
      new Hint("see the images of this host with: pod image ls");

  /** An image asks for more than it may. */
  public static final Hint IMAGE_TOO_LARGE =
      new Hint(
          "if you trust where it comes from, allow more: --max-size and --max-entries, or"
              + " PODKIT_IMAGE_MAX_SIZE and PODKIT_IMAGE_MAX_ENTRIES");

  /** Pods were made from the image. */
  public static final Hint IMAGE_IN_USE = new Hint("remove these pods first");

  /** A filesystem or kernel cannot map owners. */
  public static final Hint NO_SHIFT =
      new Hint(
          "a pod with CAP_SYS_ADMIN needs ID-mapped mounts of squashfs and of the filesystem of"
              + " --root: use a newer kernel, or run the pod without that capability");

  /** The kernel does not know squashfs. */
  public static final Hint NO_SQUASHFS =
      new Hint("load the kernel module squashfs; its kernel configuration needs zstd support");

  /** There is no loop device. */
  public static final Hint NO_LOOP =
      new Hint(
          "load the kernel module loop; in a container, give it /dev/loop-control and the"
              + " /dev/loop* devices");

  /** The upper directory lies on an overlay. */
  public static final Hint UPPER_ON_OVERLAY =
      new Hint("put --root on a real filesystem; in a container, on a volume or a tmpfs");

  /** The upper directory's filesystem cannot keep what an overlay needs. */
  public static final Hint UPPER_UNFIT =
      new Hint("put --root on ext4, xfs, btrfs or a tmpfs that knows trusted.* attributes");

  /** Too many or too long layer paths for one mount call. */
  public static final Hint TOO_MANY_LAYERS =
      new Hint("flatten the image: import it as one directory");

  /** The upper directory was used with another lower one. */
  public static final Hint OTHER_LOWER =
      new Hint("the pod's files belong to another image or root directory; make a new pod");

  /** The kernel does not know overlayfs. */
  public static final Hint NO_OVERLAY = new Hint("load the kernel module overlay");

  /** A mount failed for a reason that only the kernel's log tells. */
  public static final Hint SEE_DMESG = new Hint("the kernel's reason is in its log: dmesg | tail");

  private FsHints() {}
}
