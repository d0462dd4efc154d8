package io.podkit.linux;

import java.util.EnumSet;
import java.util.Set;

/** Between sets of flag constants and the kernel's bit masks. */
final class Bits {

  /** A constant that stands for one bit. */
  interface Flag {
    /** The bit as the kernel counts it on this machine. */
    long bit();
  }

  private Bits() {}

  static long of(Set<? extends Flag> flags) {
    long mask = 0;
    for (Flag flag : flags) {
      mask |= flag.bit();
    }
    return mask;
  }

  static <E extends Enum<E> & Flag> Set<E> set(Class<E> type, long mask) {
    EnumSet<E> set = EnumSet.noneOf(type);
    for (E flag : type.getEnumConstants()) {
      if ((mask & flag.bit()) != 0) {
        set.add(flag);
      }
    }
    return set;
  }
}
