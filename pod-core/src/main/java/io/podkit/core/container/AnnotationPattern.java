package io.podkit.core.container;

import java.util.regex.Pattern;

/** Regular expressions for annotations, of Go's kind (RE2), which match anywhere in a text. */
final class AnnotationPattern {
  /** Matches whatever there is. */
  static final String ANY = ".*";

  private static final Pattern SPECIAL = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)", Pattern.DOTALL);

  private AnnotationPattern() {}

  /** Matches that text and no other. */
  static String exactly(String text) {
    return "^" + SPECIAL.matcher(text).replaceAll("\\\\$0") + "$";
  }

  /** The text that {@link #exactly} was given; of a pattern that somebody wrote, about that. */
  static String meant(String pattern) {
    String inner = pattern;
    if (inner.startsWith("^") && inner.endsWith("$") && inner.length() >= 2) {
      inner = inner.substring(1, inner.length() - 1);
    }
    return ESCAPED.matcher(inner).replaceAll("$1");
  }
}
