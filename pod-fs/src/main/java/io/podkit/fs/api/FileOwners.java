package io.podkit.fs.api;

/**
 * Which owners a pod's files have on this host, while on disk they have the pod's own.
 *
 * @param shift added to each of the pod's ids; 0 if a pod's root is the host's
 */
public record FileOwners(long shift) {

  /** How many ids a pod has, beginning with 0. */
  public static final int COUNT = 65536;

  /** The pod's ids are the host's. */
  public static final FileOwners SAME = new FileOwners(0);

  /**
   * The pod's ids are nobody's on the host. Pods share the range: namespaces keep them apart, and a
   * pod has the same on every host.
   */
  public static final FileOwners SHIFTED = new FileOwners(1L << 30);

  /** Whether they differ from the pod's own. */
  public boolean isShifted() {
    return shift != 0;
  }
}
