package io.podkit.fs.layer;

import java.nio.file.Path;

/**
 * Paths in the options of an overlay, where commas separate options and colons lower directories.
 *
 * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html">overlayfs</a>
 */
public final class OverlayPath {

  private OverlayPath() {}

  /** As a value of upperdir or workdir. */
  public static String plain(Path path) {
    return path.toString().replace("\\", "\\\\").replace(",", "\\,");
  }

  /** As one of the values of lowerdir. */
  public static String lower(Path path) {
    return plain(path).replace(":", "\\:");
  }
}
