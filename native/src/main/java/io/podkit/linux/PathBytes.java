package io.podkit.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A path's own bytes.
 *
 * <p>The JDK keeps the bytes that a directory listing gave it, but {@code toString()} shows those
 * that its character set cannot decode as U+FFFD. Its URI has them all, percent-encoded.
 */
final class PathBytes {

  private static final char REPLACEMENT = '\uFFFD';

  private PathBytes() {}

  static byte[] of(Path path) {
    String text = path.toString();
    if (text.indexOf(REPLACEMENT) < 0) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    Path absolute = path.isAbsolute() ? path : Path.of("/").resolve(path);
    // toUri() marks an existing directory with a slash at the end that the path itself never has.
    byte[] bytes = decode(absolute.toUri().getRawPath());
    int from = path.isAbsolute() ? 0 : 1;
    int to = bytes[bytes.length - 1] == '/' ? bytes.length - 1 : bytes.length;
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] decode(String percentEncoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < percentEncoded.length(); i++) {
      char c = percentEncoded.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(percentEncoded, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
