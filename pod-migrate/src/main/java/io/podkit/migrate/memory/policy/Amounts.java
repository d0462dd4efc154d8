package io.podkit.migrate.memory.policy;

import java.time.Duration;
import java.util.Locale;

/** Numbers as reasons quote them. */
final class Amounts {
  private static final double MIB = 1 << 20;

  private Amounts() {}

  static String bytes(long bytes) {
    return bytes < MIB
        ? String.format(Locale.ROOT, "%.0f KiB", Math.ceil(bytes / 1024.0))
        : String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
  }

  static String rate(double bytesPerSecond) {
    return bytes(Math.round(bytesPerSecond)) + "/s";
  }

  static String time(Duration time) {
    if (time.compareTo(Throughput.NEVER) >= 0) {
      return "for ever";
    }
    long millis = Math.max(0, time.toMillis());
    return millis < 10_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }
}
