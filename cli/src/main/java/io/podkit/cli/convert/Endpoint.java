package io.podkit.cli.convert;

import org.jspecify.annotations.Nullable;

/**
 * A host and perhaps a port, as typed: {@code alpha}, {@code alpha:7617}, {@code [fd00::2]:7617},
 * {@code fd00::2}.
 *
 * @param host name or address; null if only a port was typed
 * @param port the port, or the one to use if none was typed
 */
public record Endpoint(@Nullable String host, int port) {
  private static final int MAX_PORT = 0xffff;

  /** Parses {@code HOST[:PORT]}. */
  public static Endpoint parse(String text, int defaultPort) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      boolean wellFormed = end > 1 && (end == text.length() - 1 || text.charAt(end + 1) == ':');
      if (!wellFormed) {
        throw bad(text);
      }
      String rest = text.substring(end + 1);
      return new Endpoint(
          text.substring(1, end), rest.isEmpty() ? defaultPort : port(text, rest.substring(1)));
    }
    int colon = text.indexOf(':');
    boolean bareIpv6 = colon != text.lastIndexOf(':');
    if (colon < 0 || bareIpv6) {
      if (text.isEmpty()) {
        throw bad(text);
      }
      return new Endpoint(text, defaultPort);
    }
    int port = port(text, text.substring(colon + 1));
    return new Endpoint(colon == 0 ? null : text.substring(0, colon), port);
  }

  private static int port(String text, String digits) {
    if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) > MAX_PORT) {
      throw bad(text);
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException("'" + text + "' is not HOST or HOST:PORT");
  }
}
