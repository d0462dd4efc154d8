package io.podkit.cli.console;

import java.time.Duration;
import java.util.Locale;

/** Sizes and times as people read them; machines get bytes and milliseconds. */
public final class Human {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final double STEP = 1024;
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  private Human() {}

  /** {@code 512 B}, {@code 1.5 GiB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= STEP && unit < UNITS.length - 1) {
      value /= STEP;
      unit++;
    }
    return (unit == 0 ? Long.toString(bytes) : decimal(value)) + ' ' + UNITS[unit];
  }

  /** {@code 87 ms}, {@code 3.4 s}, {@code 2 min 05 s}. */
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return decimal(millis / 1000.0) + " s";
    }
    long seconds = millis / 1000;
    return String.format(Locale.ROOT, "%d min %02d s", seconds / MINUTE, seconds % MINUTE);
  }

  /** {@code 113.4 MiB/s}. */
  public static String rate(double bytesPerSecond) {
    return bytes(Math.round(bytesPerSecond)) + "/s";
  }

  /** The same of a whole number. */
  public static String rate(long bytesPerSecond) {
    return bytes(bytesPerSecond) + "/s";
  }

  /** A rough time span in words, for how long a pod has been up. */
  public static String span(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 1) {
      return "less than a second";
    } else if (seconds < 2 * MINUTE) {
      return count(seconds, "second");
    } else if (seconds < 2 * HOUR) {
      return count(seconds / MINUTE, "minute");
    } else if (seconds < 2 * DAY) {
      return count(seconds / HOUR, "hour");
    }
    return count(seconds / DAY, "day");
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }

  /** One digit after the point, without the machinery of String.format: {@code pod ps} is fast. */
  private static String decimal(double value) {
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + Math.abs(tenths % 10);
  }
}
