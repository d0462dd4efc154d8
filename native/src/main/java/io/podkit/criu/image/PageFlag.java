package io.podkit.criu.image;

import java.util.EnumSet;
import java.util.Set;

/** What is known of a run of pages. */
public enum PageFlag {
  /** The contents are in an earlier dump. */
  PARENT(1),
  /** The contents may be brought in after the tasks run. */
  LAZY(2),
  /** The contents are here. */
  PRESENT(4);

  private static final int ALL = 7;

  private final int bit;

  PageFlag(int bit) {
    this.bit = bit;
  }

  /** The flags as CRIU's number. */
  public static int bits(Set<PageFlag> flags) {
    int bits = 0;
    for (PageFlag flag : flags) {
      bits |= flag.bit;
    }
    return bits;
  }

  /**
   * The flags in CRIU's number.
   *
   * @throws ImageFormatException if it has others, or none, or two places for the contents at once
   */
  public static Set<PageFlag> of(int bits) throws ImageFormatException {
    EnumSet<PageFlag> flags = EnumSet.noneOf(PageFlag.class);
    for (PageFlag flag : values()) {
      if ((bits & flag.bit) != 0) {
        flags.add(flag);
      }
    }
    boolean two = flags.contains(PARENT) && flags.contains(PRESENT);
    if (flags.isEmpty() || (bits & ~ALL) != 0 || two) {
      throw new ImageFormatException("page flags " + Integer.toHexString(bits));
    }
    return flags;
  }
}
