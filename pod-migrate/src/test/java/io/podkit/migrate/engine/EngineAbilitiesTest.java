package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.memory.policy.StrategyChoice;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the engine cannot do yet is refused, not ignored. */
class EngineAbilitiesTest {
  private static final Duration LIMIT = MemoryOptions.DEFAULT_DOWNTIME_LIMIT;
  private static final OptionalInt ANY = OptionalInt.empty();

  private static StrategyChoice choose(MemoryOptions memory) throws PodkitException {
    return EngineAbilities.choose(
        new MigrationRequest(
            new PodName("web"),
            "hostb",
            1,
            Duration.ofSeconds(1),
            OptionalLong.empty(),
            memory,
            false));
  }

  @Test
  void auto_isStopCopyWithAReason() throws PodkitException {
    StrategyChoice choice = choose(MemoryOptions.DEFAULT);
    assertThat(choice.strategy()).isEqualTo(Strategy.STOP_COPY);
    assertThat(choice.reason()).isNotBlank();
    assertThat(choose(MemoryOptions.DEFAULT.with(Strategy.STOP_COPY)).strategy())
        .isEqualTo(Strategy.STOP_COPY);
  }

  @ParameterizedTest
  @EnumSource(names = {"PRE_COPY", "POST_COPY", "HYBRID"})
  void otherStrategies_areRefused(Strategy strategy) {
    assertRefused(MemoryOptions.DEFAULT.with(strategy), strategy.label());
  }

  static Stream<Arguments> options() {
    return Stream.of(
        Arguments.of(
            "--downtime-limit", options(Duration.ofMillis(1), 12, false, ANY, Compression.AUTO)),
        Arguments.of("--max-rounds", options(LIMIT, 3, false, ANY, Compression.AUTO)),
        Arguments.of("--auto-converge", options(LIMIT, 12, true, ANY, Compression.AUTO)),
        Arguments.of("--channels", options(LIMIT, 12, false, OptionalInt.of(1), Compression.AUTO)),
        Arguments.of("--compress", options(LIMIT, 12, false, ANY, Compression.ZSTD)));
  }

  private static MemoryOptions options(
      Duration limit, int rounds, boolean converge, OptionalInt channels, Compression compression) {
    return new MemoryOptions(Strategy.AUTO, limit, rounds, converge, channels, compression, false);
  }

  @ParameterizedTest
  @MethodSource("options")
  void optionsWithoutEffect_areRefused(String name, MemoryOptions memory) {
    assertRefused(memory, name);
  }

  private static void assertRefused(MemoryOptions memory, String subject) {
    assertThatThrownBy(() -> choose(memory))
        .hasMessageContaining(subject)
        .isInstanceOfSatisfying(
            PodkitException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
              assertThat(e.hint()).isNotNull();
            });
  }
}
