package io.podkit.core.host;

import io.podkit.core.api.HostCheck;

/** Short names for the three outcomes of a probe. */
final class Findings {
  private Findings() {}

  static HostCheck ok(String subject, String finding) {
    return new HostCheck(subject, HostCheck.Level.OK, finding, null);
  }

  static HostCheck note(String subject, String finding, String cure) {
    return new HostCheck(subject, HostCheck.Level.NOTE, finding, cure);
  }

  static HostCheck blocks(String subject, String finding, String cure) {
    return new HostCheck(subject, HostCheck.Level.BLOCKS, finding, cure);
  }
}
