package io.podkit.cli.convert;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as podman takes them: {@code 4096}, {@code 512m}, {@code 1.5g}; all units are binary. */
public final class ByteSize {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([bkmgt]?)(?:i?b)?");
  private static final String UNITS = "bkmgt";
  private static final int UNIT_BITS = 10;

  private ByteSize() {}

  /**
   * Parses a size.
   *
   * @return bytes
   * @throws IllegalArgumentException if it is none or does not fit
   */
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size: write bytes, or a number and k, m, g or t");
    }
    String unit = matcher.group(2);
    long factor = unit.isEmpty() ? 1 : 1L << (UNIT_BITS * UNITS.indexOf(unit));
    double bytes = Double.parseDouble(matcher.group(1)) * factor;
    if (bytes > Long.MAX_VALUE / 2.0) {
      throw new IllegalArgumentException("'" + text + "' is too large a size");
    }
    return (long) bytes;
  }

  /** Parses a rate, or {@code unlimited}: empty. */
  public static OptionalLong parseCap(String text) {
    return text.equals("unlimited") ? OptionalLong.empty() : OptionalLong.of(parseRate(text));
  }

  /** Parses a rate, bytes per second: a size that may end in {@code /s}. */
  public static long parseRate(String text) {
    long rate = parse(text.endsWith("/s") ? text.substring(0, text.length() - 2) : text);
    if (rate == 0) {
      throw new IllegalArgumentException("'" + text + "' would never end");
    }
    return rate;
  }
}
