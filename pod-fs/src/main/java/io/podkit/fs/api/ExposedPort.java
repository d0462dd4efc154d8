package io.podkit.fs.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports as images name them: {@code 80}, {@code 53/udp}, {@code 8000-8010/tcp}. */
public final class ExposedPort {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?(?:/(tcp|udp|sctp))?");
  private static final int MAX = 65535;

  private ExposedPort() {}

  /**
   * The port with its protocol, which is tcp if none is given.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static String parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (parts.matches()) {
      int first = Integer.parseInt(parts.group(1));
      int last = parts.group(2) == null ? first : Integer.parseInt(parts.group(2));
      if (first > 0 && first <= last && last <= MAX) {
        String range = first == last ? Integer.toString(first) : first + "-" + last;
        return range + "/" + (parts.group(3) == null ? "tcp" : parts.group(3));
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not a port: write 80, or 53/udp");
  }
}
