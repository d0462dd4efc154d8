package io.podkit.migrate.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryOptionsTest {
  private static MemoryOptions options(Strategy strategy, long millis, int rounds, int channels) {
    return new MemoryOptions(
        strategy,
        Duration.ofMillis(millis),
        rounds,
        true,
        OptionalInt.of(channels),
        Compression.LZ4,
        !strategy.leavesMemoryBehind());
  }

  @ParameterizedTest
  @CsvSource({
    "PRE_COPY, 0, 3, 1, downtime",
    "PRE_COPY, -1, 3, 1, downtime",
    "PRE_COPY, 3600001, 3, 1, downtime",
    "PRE_COPY, 200, 0, 1, rounds",
    "PRE_COPY, 200, 1001, 1, rounds",
    "PRE_COPY, 200, 3, 0, channels",
    "PRE_COPY, 200, 3, 64, channels",
    "STOP_COPY, 200, 3, 1, stop-copy has no rounds",
    "POST_COPY, 200, 3, 1, post-copy has no rounds"
  })
  void impossibleOptions_areRefused(
      Strategy strategy, long millis, int rounds, int channels, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options(strategy, millis, rounds, channels))
        .withMessageContaining(reason);
  }

  @Test
  void theLimitsThemselves_arePossible() {
    assertThat(options(Strategy.HYBRID, 3_600_000, 1000, 63).maxRounds()).isEqualTo(1000);
    assertThat(MemoryOptions.DEFAULT.with(Strategy.STOP_COPY).strategy())
        .isEqualTo(Strategy.STOP_COPY);
    assertThat(options(Strategy.AUTO, 200, 3, 1).with(Strategy.POST_COPY).autoConverge()).isFalse();
    assertThat(options(Strategy.AUTO, 200, 3, 1).with(Strategy.HYBRID).autoConverge()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"POST_COPY", "HYBRID"})
  void memoryThatFollows_cannotBeVerifiedBefore(Strategy strategy) {
    MemoryOptions verified = options(Strategy.PRE_COPY, 200, 3, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> following(strategy, true))
        .withMessageContaining(strategy.label() + " lets memory follow");
    assertThat(following(strategy, false).verify()).isFalse();
    assertThat(verified.with(strategy).verify()).isFalse();
    assertThat(verified.with(Strategy.STOP_COPY).verify()).isTrue();
  }

  private static MemoryOptions following(Strategy strategy, boolean verify) {
    return new MemoryOptions(
        strategy,
        MemoryOptions.DEFAULT_DOWNTIME_LIMIT,
        3,
        false,
        OptionalInt.empty(),
        Compression.AUTO,
        verify);
  }

  @ParameterizedTest
  @CsvSource({"AUTO, auto", "STOP_COPY, stop-copy", "PRE_COPY, pre-copy", "HYBRID, hybrid"})
  void label(Strategy strategy, String label) {
    assertThat(strategy.label()).isEqualTo(label);
  }
}
