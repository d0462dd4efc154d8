package io.podkit.migrate.live;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.LiveStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request: a failure, a status, or nothing but that it was done.
 *
 * @param kind of the failure; null if it was done
 * @param what the failure in words
 * @param hint what the user can do
 * @param status where it was asked for
 */
record LiveAnswer(
    @Nullable ErrorKind kind,
    @Nullable String what,
    @Nullable String hint,
    @Nullable LiveStatus status) {

  static LiveAnswer done(@Nullable LiveStatus status) {
    return new LiveAnswer(null, null, null, status);
  }

  static LiveAnswer failed(PodkitException failure) {
    Hint hint = failure.hint();
    return new LiveAnswer(failure.kind(), failure.what(), hint == null ? null : hint.text(), null);
  }

  /** The status, if there is one. */
  @Nullable LiveStatus orThrow() throws PodkitException {
    if (kind == null) {
      return status;
    }
    String text = Objects.requireNonNullElse(what, "the migration refused");
    throw hint == null || hint.isBlank()
        ? PodkitException.of(kind, text)
        : PodkitException.of(kind, text, new Hint(hint));
  }
}
