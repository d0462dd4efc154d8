package io.podkit.criu;

import java.util.Comparator;

/**
 * Which CRIU it is.
 *
 * @param major 4 in 4.2.1
 * @param minor 2 in 4.2.1
 * @param sublevel 1 in 4.2.1
 */
public record CriuVersion(int major, int minor, int sublevel) implements Comparable<CriuVersion> {

  /** The oldest that Podkit works with: its page-server header and pagemaps changed in 4.2. */
  public static final CriuVersion OLDEST = new CriuVersion(4, 2, 0);

  /** Whether it is that version or newer. */
  public boolean isAtLeast(CriuVersion other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(CriuVersion other) {
    return Comparator.comparingInt(CriuVersion::major)
        .thenComparingInt(CriuVersion::minor)
        .thenComparingInt(CriuVersion::sublevel)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + (sublevel == 0 ? "" : "." + sublevel);
  }
}
