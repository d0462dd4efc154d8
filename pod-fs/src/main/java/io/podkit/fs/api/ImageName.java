package io.podkit.fs.api;

import java.util.regex.Pattern;

/**
 * The name an image goes by on one host: {@code redis}, {@code debian:12}, {@code local/app:v1}.
 *
 * @param value the name, with its tag unless that is {@code latest}; at most 200 characters
 */
public record ImageName(String value) implements Comparable<ImageName> {

  private static final Pattern LEGAL =
      Pattern.compile(
          "[a-z0-9]+([._-]+[a-z0-9]+)*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
              + "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?");
  private static final int MAX_LENGTH = 200;
  private static final String LATEST = ":latest";

  /** Refuses what is not a name; {@code redis:latest} and {@code redis} become the same. */
  public ImageName {
    if (value.endsWith(LATEST)) {
      value = value.substring(0, value.length() - LATEST.length());
    }
    if (value.length() > MAX_LENGTH || !LEGAL.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'"
              + value
              + "' is not an image name: use lower-case letters, digits, '.', '_', '-'"
              + " and '/', then perhaps ':' and a tag");
    }
  }

  @Override
  public int compareTo(ImageName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
