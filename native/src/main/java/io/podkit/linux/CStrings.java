package io.podkit.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strings as C has them. */
final class CStrings {

  private CStrings() {}

  /** The UTF-8 bytes of a text, without a NUL. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The UTF-8 bytes of a text with a NUL at the end. */
  static byte[] of(String text) {
    return terminated(bytes(text));
  }

  /** A copy with a NUL at the end. */
  static byte[] terminated(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
