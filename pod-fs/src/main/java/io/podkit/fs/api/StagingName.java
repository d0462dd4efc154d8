package io.podkit.fs.api;

import java.util.regex.Pattern;

/**
 * The name of a staging filesystem, in practice its pod's; also who uses a layer.
 *
 * @param value 1 to 63 letters, digits, {@code _}, {@code .} or {@code -}, first a letter or digit,
 *     so that it is safe as a file name
 */
public record StagingName(String value) {

  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

  /** Refuses what is not safe as a file name. */
  public StagingName {
    if (!LEGAL.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' cannot name a staging filesystem");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
