package io.podkit.core.api;

import java.util.regex.Pattern;

/**
 * The name of a pod, unique on its host and, because a pod takes it along, among hosts that
 * exchange pods.
 *
 * @param value 1 to 63 letters, digits, {@code _}, {@code .} or {@code -}, starting with a letter
 *     or digit, so that it is safe as a file name, a cgroup and an argument
 */
public record PodName(String value) {
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

  public PodName {
    if (!isLegal(value)) {
      throw new IllegalArgumentException(
          "'"
              + value
              + "' is not a pod name: use 1 to 63 letters, digits, '_', '.' or '-', first a letter or digit");
    }
  }

  /** Whether that could be the name of a pod. */
  public static boolean isLegal(String text) {
    return LEGAL.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
