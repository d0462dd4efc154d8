package io.podkit.core.launch;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A plan in the text form that pod-init reads: one record a line, a keyword and its arguments,
 * closed by {@code end}. Not thread-safe.
 */
public final class Plan {
  private final StringBuilder text = new StringBuilder();

  /** Adds one record; each argument is taken as its {@code toString()}. */
  public Plan add(String keyword, Object... arguments) {
    text.append(keyword);
    for (Object argument : arguments) {
      text.append(' ').append(encode(Objects.toString(argument)));
    }
    text.append('\n');
    return this;
  }

  /** The finished plan. */
  public byte[] bytes() {
    return (text + "end\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Percent-encodes what would end an argument or a line; an empty argument becomes a lone {@code
   * %}.
   */
  static String encode(String argument) {
    if (argument.isEmpty()) {
      return "%";
    }
    StringBuilder encoded = new StringBuilder(argument.length());
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (c <= 0x20 || c == 0x7f || c == '%') {
        encoded.append('%').append(String.format("%02X", (int) c));
      } else {
        encoded.append(c);
      }
    }
    return encoded.toString();
  }
}
