package io.podkit.error;

import java.util.Objects;

/**
 * What the user can do about an error; printed on a line of its own.
 *
 * @param text one sentence in the imperative, without a final full stop
 */
public record Hint(String text) {

  /** Rejects an empty text: no hint is better than a blank one. */
  public Hint {
    Objects.requireNonNull(text, "text");
    if (text.isBlank()) {
      throw new IllegalArgumentException("a hint must say something");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
