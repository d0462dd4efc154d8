package io.podkit.migrate.protocol;

/** Checks that message records share; a failure becomes a {@link ProtocolException} in decoding. */
final class Checks {

  private Checks() {}

  static void notNegative(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is " + value);
    }
  }

  static void between(long value, long min, long max, String what) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + " is " + value + ", not between " + min + " and " + max);
    }
  }

  /** Refuses page sizes that no Linux has. */
  static void pageSize(int bytes) {
    if (bytes != 4096 && bytes != 16384 && bytes != 65536) {
      throw new IllegalArgumentException("pages of " + bytes + " bytes");
    }
  }
}
