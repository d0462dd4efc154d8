package io.podkit.migrate.engine;

import io.podkit.core.api.HostCheck;
import io.podkit.migrate.protocol.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What a host found in the way of a move, in the form that travels. */
final class Problems {
  private Problems() {}

  static List<Problem> of(List<HostCheck> checks) {
    return checks.stream()
        .map(
            check ->
                new Problem(
                    check.subject().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"),
                    check.subject(),
                    check.finding(),
                    Objects.requireNonNullElse(check.cure(), "")))
        .toList();
  }
}
