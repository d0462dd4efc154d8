package io.podkit.migrate.memory.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.migrate.api.Compression;
import io.podkit.migrate.api.DirtyPoint;
import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.api.StrategyPrediction;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionTest {
  private static final long MIB = 1 << 20;
  private static final Duration FIXED = Duration.ofMillis(100);

  /** 1000 MiB at 100 MiB/s. */
  private static Prediction prediction(DirtyPoint... points) {
    return new Prediction(
        1000 * MIB,
        new DirtyCurve(List.of(points), 1000 * MIB),
        new Throughput(100 * MIB),
        FIXED,
        Duration.ofMinutes(30));
  }

  private static DirtyPoint point(long millis, long mib) {
    return new DirtyPoint(Duration.ofMillis(millis), mib * MIB);
  }

  private static MemoryOptions by(Strategy strategy) {
    return MemoryOptions.DEFAULT.with(strategy);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "500, 5",
    "1000, 10",
    "1500, 12",
    "2000, 14",
    "3000, 18",
    "4000, 22",
    "100000000, 50"
  })
  void curve_isDrawnBetweenThePointsAndGoesOn(long millis, long mib) {
    DirtyCurve curve =
        new DirtyCurve(List.of(point(2000, 14), point(1000, 10), point(3000, 18)), 50 * MIB);
    assertThat(curve.at(Duration.ofMillis(millis))).isEqualTo(mib * MIB);
  }

  @Test
  void curve_neverFalls() {
    DirtyCurve curve = new DirtyCurve(List.of(point(1000, 10), point(2000, 8)), 50 * MIB);
    assertThat(curve.at(Duration.ofSeconds(2))).isEqualTo(10 * MIB);
    assertThat(new DirtyCurve(List.of(), MIB).at(Duration.ofSeconds(1))).isZero();
  }

  @Test
  void stopCopy_standsStillForAllOfIt() {
    StrategyPrediction stop = prediction(point(1000, 10)).of(by(Strategy.STOP_COPY));
    assertThat(stop.pause()).isEqualTo(Duration.ofMillis(10_100));
    assertThat(stop.total()).isEqualTo(stop.pause());
    assertThat(stop.rounds()).isZero();
  }

  @Test
  void preCopy_ofAFewHotPages() {
    StrategyPrediction pre = prediction(point(1000, 10), point(5000, 10)).of(by(Strategy.PRE_COPY));
    assertThat(pre.rounds()).isEqualTo(1);
    assertThat(pre.pause()).isEqualTo(Duration.ofMillis(200));
    assertThat(pre.total()).isEqualTo(Duration.ofMillis(10_200));
    assertThat(pre.withinLimits()).isTrue();
  }

  @Test
  void preCopy_ofAPodThatWritesFasterThanTheLink() {
    Prediction fast = prediction(point(1000, 200));
    StrategyPrediction pre = fast.of(by(Strategy.PRE_COPY));
    assertThat(pre.withinLimits()).isFalse();
    assertThat(pre.reason()).contains("shrinks no more");
    assertThat(pre.pause()).isEqualTo(Duration.ofMillis(10_100));

    StrategyPrediction hybrid = fast.of(by(Strategy.HYBRID));
    assertThat(hybrid.pause()).isEqualTo(FIXED);
    assertThat(hybrid.withinLimits()).isTrue();

    MemoryOptions throttled =
        new MemoryOptions(
            Strategy.PRE_COPY,
            MemoryOptions.DEFAULT_DOWNTIME_LIMIT,
            MemoryOptions.DEFAULT_MAX_ROUNDS,
            true,
            OptionalInt.empty(),
            Compression.NONE,
            false);
    StrategyPrediction slowed = fast.of(throttled);
    assertThat(slowed.rounds()).isBetween(pre.rounds() + 1, MemoryOptions.DEFAULT_MAX_ROUNDS);
    assertThat(slowed.pause()).isLessThan(pre.pause());
  }

  @Test
  void postCopy_standsStillForTheFixedCost() {
    StrategyPrediction post = prediction(point(1000, 200)).of(by(Strategy.POST_COPY));
    assertThat(post.pause()).isEqualTo(FIXED);
    assertThat(post.total()).isEqualTo(Duration.ofMillis(10_100));
  }

  @Test
  void estimate_tellsThePauseNowAndTheTimeLeft() {
    Limits limits =
        new Limits(
            Strategy.PRE_COPY, Duration.ofMillis(200), FIXED, 12, Duration.ofMinutes(30), false);
    RoundStats first = new RoundStats(1000 * MIB, Duration.ofSeconds(10), 100 * MIB, 100);
    Estimate estimate = Prediction.estimate(List.of(first), limits, 1000 * MIB);
    assertThat(estimate.expectedPause()).isEqualTo(Duration.ofMillis(1100));
    // 100 MiB take a second, in which 10 MiB are dirtied: 100 ms while it stands still
    assertThat(estimate.timeLeft()).isEqualTo(Duration.ofMillis(1200));
  }

  @Test
  void estimate_doesNotGuessWhereNothingWasMeasured() {
    Limits limits =
        new Limits(
            Strategy.PRE_COPY, Duration.ofMillis(200), FIXED, 12, Duration.ofMinutes(30), false);
    RoundStats zeros = new RoundStats(0, Duration.ofMillis(3), MIB, 100);
    assertThat(Prediction.estimate(List.of(zeros), limits, MIB).timeLeft()).isNull();
  }
}
