package io.podkit.core.api;

import org.jspecify.annotations.Nullable;

/**
 * What a container must be annotated with to take part.
 *
 * @param key of the annotation
 * @param value what it must be, or null if any will do
 */
public record AnnotationRule(String key, @Nullable String value) {
  public AnnotationRule {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("an annotation has no key: write KEY or KEY=VALUE");
    }
  }

  /** Reads {@code KEY} or {@code KEY=VALUE}. */
  public static AnnotationRule parse(String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? new AnnotationRule(text, null)
        : new AnnotationRule(text.substring(0, equals), text.substring(equals + 1));
  }

  @Override
  public String toString() {
    return value == null ? key : key + "=" + value;
  }
}
