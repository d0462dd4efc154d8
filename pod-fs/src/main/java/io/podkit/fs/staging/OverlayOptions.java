package io.podkit.fs.staging;

import io.podkit.fs.layer.OverlayPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The options of a pod's overlay.
 *
 * <p>{@code index} and {@code nfs_export} give its inodes handles by which CRIU finds again what
 * inotify watches. They need lower filesystems that can be told apart, and a squashfs has no
 * identity: of two the kernel would turn both options off by itself, so they are asked for only
 * where there is one. (An overlay around each layer would lend it an identity, but then CRIU no
 * longer finds the files that the pod has mapped.) The others are the kernel's usual defaults,
 * named because distributions choose differently and a pod must see the same on every host.
 */
final class OverlayOptions {

  private static final String HANDLES = "index=on,nfs_export=on";
  private static final String NO_HANDLES = "index=off,nfs_export=off";
  private static final String OTHERS = "redirect_dir=off,metacopy=off";

  private OverlayOptions() {}

  /**
   * The options as mount(2) takes them.
   *
   * @param lowers the lowest first; the kernel wants the highest first
   */
  static String of(List<Path> lowers, Path upper, Path work) {
    List<Path> highestFirst = new ArrayList<>(lowers);
    Collections.reverse(highestFirst);
    String lower = highestFirst.stream().map(OverlayPath::lower).collect(Collectors.joining(":"));
    return "lowerdir="
        + lower
        + ",upperdir="
        + OverlayPath.plain(upper)
        + ",workdir="
        + OverlayPath.plain(work)
        + ","
        + (lowers.size() == 1 ? HANDLES : NO_HANDLES)
        + ","
        + OTHERS;
  }
}
