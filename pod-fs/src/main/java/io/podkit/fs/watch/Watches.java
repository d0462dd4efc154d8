package io.podkit.fs.watch;

import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.Syscalls;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins to watch trees, where this host's kernel can tell all that has to be known. */
public final class Watches {

  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** Names kept until somebody asks: about 200 MB at the very worst. */
  private static final int MAX_NAMES = 1_000_000;

  private final Syscalls sys;
  private final boolean seesThroughOverlays;

  /**
   * Watches on this host.
   *
   * @param kernel its version, as uname(2) tells it
   */
  public Watches(Syscalls sys, String kernel) {
    this.sys = sys;
    this.seesThroughOverlays = seesThroughOverlays(kernel);
  }

  /**
   * Since Linux 6.5 a write through an overlay is told of on the filesystem of its upper directory;
   * before that it is not, and there is no error either.
   */
  static boolean seesThroughOverlays(String kernel) {
    Matcher version = VERSION.matcher(kernel);
    if (!version.matches()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 6 || (major == 6 && Integer.parseInt(version.group(2)) >= 5);
  }

  /**
   * Watches a tree from now on.
   *
   * @param root of the tree; stays the caller's, and open for as long as it is watched
   * @param beneathOverlay whether it is the upper directory of an overlay
   * @return empty where it cannot be done: then the tree has to be searched
   */
  public Optional<TreeWatch> begin(Fd root, boolean beneathOverlay) {
    if (beneathOverlay && !seesThroughOverlays) {
      return Optional.empty();
    }
    try {
      return Optional.of(TreeWatch.begin(sys, root, beneathOverlay, MAX_NAMES));
    } catch (ErrnoException e) {
      LOG.info("changes are searched for, because this host cannot tell of them: {}", e.toString());
      return Optional.empty();
    }
  }
}
