package io.podkit.fs.dir;

import java.nio.charset.StandardCharsets;

/**
 * Paths as the kernel has them. File names are bytes, in no character set; here a path is a String
 * in which each char is one byte (ISO 8859-1), which compares and hashes fast and loses nothing.
 *
 * <p>A raw path is relative to some root directory, has no {@code .}, {@code ..} or empty
 * component, and is empty for the root itself.
 */
public final class RawPath {

  /** NAME_MAX. */
  public static final int MAX_NAME = 255;

  /** The root itself. */
  public static final String ROOT = "";

  private RawPath() {}

  /** The raw form of these bytes. */
  public static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The raw form of a text, encoded as UTF-8. */
  public static String ofText(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes of a raw path or name. */
  public static byte[] bytes(String raw) {
    return raw.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The path for messages: decoded as UTF-8, with control characters shown as {@code ?}. */
  public static String shown(String raw) {
    return raw.isEmpty()
        ? "/"
        : new String(bytes(raw), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
  }

  /** The path of the directory that holds it. */
  public static String parent(String raw) {
    int slash = raw.lastIndexOf('/');
    return slash < 0 ? ROOT : raw.substring(0, slash);
  }

  /** The last component. */
  public static String name(String raw) {
    return raw.substring(raw.lastIndexOf('/') + 1);
  }

  /** The path of an entry of a directory. */
  public static String child(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  /** How many components it has. */
  public static int depth(String raw) {
    if (raw.isEmpty()) {
      return 0;
    }
    return 1 + (int) raw.chars().filter(c -> c == '/').count();
  }

  /** Whether it is {@code path} or lies beneath it. */
  public static boolean isWithin(String raw, String path) {
    return path.isEmpty()
        || (raw.startsWith(path)
            && (raw.length() == path.length() || raw.charAt(path.length()) == '/'));
  }

  /** Whether it can name an entry of a directory. */
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\0') < 0;
  }

  /** Whether every component can name an entry of a directory; the root counts as a path. */
  public static boolean isPath(String raw) {
    if (raw.isEmpty()) {
      return true;
    }
    int from = 0;
    for (int slash = raw.indexOf('/'); slash >= 0; slash = raw.indexOf('/', from)) {
      if (!isName(raw.substring(from, slash))) {
        return false;
      }
      from = slash + 1;
    }
    return isName(raw.substring(from));
  }
}
