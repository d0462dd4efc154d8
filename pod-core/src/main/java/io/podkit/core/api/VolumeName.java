package io.podkit.core.api;

import java.util.regex.Pattern;

/**
 * The name of a volume that Podkit keeps, unique on its host.
 *
 * @param value 1 to 63 letters, digits, {@code _}, {@code .} or {@code -}, starting with a letter
 *     or digit, so that it is safe as a file name
 */
public record VolumeName(String value) {
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

  /** Refuses anything that is not safe as a file name. */
  public VolumeName {
    if (!LEGAL.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'"
              + value
              + "' is neither an absolute path nor the name of a volume: a name has 1 to 63 letters,"
              + " digits, '_', '.' or '-', first a letter or digit");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
