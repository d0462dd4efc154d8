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
 * <p>Named are those that distributions choose differently: a pod must see the same on every host.
 * {@code xino=on} gives every file one number that stat(2) and inotify agree on, by which what a
 * pod watches is found again (docs/adr/0007). {@code index} and {@code nfs_export} would serve that
 * too, but the kernel turns them off where several layers are squashfs, which has no identity.
 */
final class OverlayOptions {

  private static final String ALWAYS =
      "xino=on,index=off,nfs_export=off,redirect_dir=off,metacopy=off";

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
        + ALWAYS;
  }
}
