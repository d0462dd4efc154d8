package io.podkit.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
  private static final List<String> WORDS =
      List.of("ps", "rm", "run", "stop", "start", "stats", "migrate", "--name", "--memory", "-m");

  @ParameterizedTest
  @CsvSource(
      nullValues = "",
      value = {
        "migrat, migrate",
        "mirgate, migrate",
        "pss, ps",
        "--nmae, --name",
        "--mem, --memory",
        "stpo, stop",
        "stat, stats",
        "sta, start stats",
        "completely, ",
        "--x, ",
      })
  void nearest(String typed, String expected) {
    List<String> meant = expected == null ? List.of() : List.of(expected.split(" ", -1));
    assertThat(Suggestions.nearest(typed, WORDS)).isEqualTo(meant);
  }
}
