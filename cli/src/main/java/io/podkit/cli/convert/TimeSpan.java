package io.podkit.cli.convert;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans as typed: {@code 90} (seconds), {@code 500ms}, {@code 1m30s}, {@code 2h}. */
public final class TimeSpan {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
  private static final Pattern PARTS =
      Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

  private TimeSpan() {}

  /**
   * Parses a time span.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parse(String text) {
    if (SECONDS.matcher(text).matches()) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Matcher parts = PARTS.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time span: write seconds, or 500ms, 30s, 1m30s, 2h");
    }
    return Duration.ofHours(number(parts, 1))
        .plusMinutes(number(parts, 2))
        .plusSeconds(number(parts, 3))
        .plusMillis(number(parts, 4));
  }

  private static long number(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
