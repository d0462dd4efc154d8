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
 * <p>{@code index} and {@code nfs_export} let inotify watches be dumped. The others are the
 * kernel's usual defaults, named because distributions choose differently and a pod must see the
 * same on every host.
 */
final class OverlayOptions {

  private static final String FIXED = "index=on,nfs_export=on,redirect_dir=off,metacopy=off";

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
        + FIXED;
  }
}
