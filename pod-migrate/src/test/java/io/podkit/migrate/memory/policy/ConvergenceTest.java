package io.podkit.migrate.memory.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.migrate.api.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConvergenceTest {
  private static final long MIB = 1 << 20;

  /** 100 MiB a second: a MiB takes 10 ms. */
  private static RoundStats round(long sentMib, long dirtyMib, int throttle) {
    return new RoundStats(sentMib * MIB, Duration.ofMillis(sentMib * 10), dirtyMib * MIB, throttle);
  }

  /** Rounds that each send what the one before left. */
  private static List<RoundStats> rounds(long... dirtyMib) {
    List<RoundStats> rounds = new ArrayList<>();
    long send = 1000;
    for (long dirty : dirtyMib) {
      rounds.add(round(send, dirty, 100));
      send = dirty;
    }
    return rounds;
  }

  private static Limits limits(Strategy strategy, boolean autoConverge, Duration timeLeft) {
    return new Limits(
        strategy, Duration.ofMillis(200), Duration.ofMillis(90), 5, timeLeft, autoConverge);
  }

  private static Limits limits(Strategy strategy) {
    return limits(strategy, false, Duration.ofMinutes(30));
  }

  @Test
  void freezes_whenTheRestFitsIntoTheLimit() {
    assertThat(Convergence.decide(rounds(300, 20), limits(Strategy.PRE_COPY)))
        .isEqualTo(
            new Decision.FreezeNow(
                "20.0 MiB are left, 200 ms at 100.0 MiB/s: within the downtime limit of 200 ms"
                    + " (freezing and restoring cost about 90 ms on top)"));
    assertThat(Convergence.decide(rounds(300, 21), limits(Strategy.PRE_COPY)))
        .isEqualTo(
            new Decision.NextRound(
                "21.0 MiB are left, 210 ms at 100.0 MiB/s, above the downtime limit of 200 ms"));
  }

  @Test
  void beginsWithARound_ifTheStrategyHasRounds() {
    assertThat(Convergence.decide(List.of(), limits(Strategy.PRE_COPY)))
        .isInstanceOf(Decision.NextRound.class);
    assertThat(Convergence.decide(List.of(), limits(Strategy.STOP_COPY)))
        .isInstanceOf(Decision.FreezeNow.class);
    assertThat(Convergence.decide(List.of(), limits(Strategy.POST_COPY)))
        .isInstanceOf(Decision.SwitchToPostCopy.class);
  }

  @Test
  void stops_whenTwoRoundsInARowDidNotPay() {
    assertThat(Convergence.decide(rounds(300, 290), limits(Strategy.PRE_COPY)).goesOn()).isTrue();
    assertThat(Convergence.decide(rounds(300, 290, 200), limits(Strategy.PRE_COPY)).goesOn())
        .isTrue();
    assertThat(Convergence.decide(rounds(300, 290, 280), limits(Strategy.PRE_COPY)))
        .isEqualTo(
            new Decision.FreezeNow(
                "the dirty set shrinks no more: 300.0 MiB, 290.0 MiB, 280.0 MiB: 280.0 MiB are"
                    + " left, 2800 ms at 100.0 MiB/s, above the downtime limit of 200 ms;"
                    + " pre-copy freezes it all the same, hybrid would not wait for them"));
    assertThat(Convergence.decide(rounds(300, 290, 280), limits(Strategy.HYBRID)))
        .isInstanceOf(Decision.SwitchToPostCopy.class);
  }

  @Test
  void stops_afterEnoughRounds() {
    List<RoundStats> five = rounds(800, 600, 400, 300, 200);
    assertThat(Convergence.decide(five.subList(0, 4), limits(Strategy.PRE_COPY)).goesOn()).isTrue();
    assertThat(Convergence.decide(five, limits(Strategy.PRE_COPY)))
        .isInstanceOf(Decision.FreezeNow.class)
        .extracting(Decision::reason)
        .asString()
        .startsWith("after 5 of as many rounds: 200.0 MiB are left")
        .contains("all the same");
    assertThat(Convergence.decide(five, limits(Strategy.HYBRID)))
        .isInstanceOf(Decision.SwitchToPostCopy.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PRE_COPY, 6090, NextRound", // the round and as long again while frozen, and 90 ms
    "PRE_COPY, 6089, FreezeNow",
    "PRE_COPY, 3090, FreezeNow",
    "PRE_COPY, 3089, GiveUp",
    "HYBRID, 3090, NextRound",
    "HYBRID, 3089, SwitchToPostCopy",
    "HYBRID, 90, SwitchToPostCopy",
    "HYBRID, 89, GiveUp",
    "PRE_COPY, -1, GiveUp"
  })
  void keepsToTheTimeout(Strategy strategy, long leftMillis, String expected) {
    Decision decision =
        Convergence.decide(rounds(300), limits(strategy, false, Duration.ofMillis(leftMillis)));
    assertThat(decision.getClass().getSimpleName()).isEqualTo(expected);
  }

  @Test
  void autoConverge_throttlesStepByStepAndYieldsToTheLimit() {
    Limits limits = limits(Strategy.PRE_COPY, true, Duration.ofMinutes(30));
    List<RoundStats> rounds = rounds(300, 290, 280);
    assertThat(Convergence.decide(rounds, limits))
        .isInstanceOfSatisfying(
            Decision.Throttle.class, t -> assertThat(t.percent()).isEqualTo(80));
    rounds.add(round(280, 270, 80));
    assertThat(Convergence.decide(rounds, limits))
        .isInstanceOfSatisfying(
            Decision.Throttle.class, t -> assertThat(t.percent()).isEqualTo(60));
    List<RoundStats> helped = new ArrayList<>(rounds);
    helped.set(3, round(280, 200, 80));
    assertThat(Convergence.decide(helped, limits)).isInstanceOf(Decision.NextRound.class);
    helped.set(3, round(280, 20, 80));
    assertThat(Convergence.decide(helped, limits)).isInstanceOf(Decision.FreezeNow.class);
  }

  @Test
  void autoConverge_endsWhenThePodIsAsSlowAsItGets() {
    List<RoundStats> rounds = List.of(round(1000, 300, 25), round(300, 300, 25));
    assertThat(Convergence.decide(rounds, limits(Strategy.PRE_COPY, true, Duration.ofMinutes(30))))
        .isInstanceOf(Decision.FreezeNow.class)
        .extracting(Decision::reason)
        .asString()
        .contains("even with 25 % of its processor time");
  }

  @Test
  void unknownThroughput_isNoReasonToGiveUp() {
    List<RoundStats> zeros = List.of(new RoundStats(0, Duration.ofMillis(5), 2 * MIB, 100));
    assertThat(Convergence.decide(zeros, limits(Strategy.PRE_COPY)))
        .isInstanceOf(Decision.NextRound.class);
  }

  @Test
  void nextToNothing_isFrozenWithoutARateToTellItsTimeBy() {
    List<RoundStats> unchanged = List.of(new RoundStats(0, Duration.ofMillis(5), MIB, 100));
    assertThat(Convergence.decide(unchanged, limits(Strategy.PRE_COPY)))
        .isInstanceOf(Decision.FreezeNow.class);
  }

  @ParameterizedTest
  @EnumSource(value = Strategy.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void nothingDirty_isFrozenAtOnceWhateverTheTime(Strategy strategy) {
    Decision decision =
        Convergence.decide(rounds(0), limits(strategy, true, Duration.ofMinutes(1)));
    assertThat(decision.goesOn()).isFalse();
    assertThat(decision).isNotInstanceOf(Decision.GiveUp.class);
  }

  @Property(tries = 500)
  void everyMigrationEnds_withinTheRoundsAndOnlyEverSlower(
      @ForAll @Size(min = 1, max = 40) List<@LongRange(min = 0, max = 1L << 40) Long> dirty,
      @ForAll @LongRange(min = 1, max = 1L << 34) long throughput,
      @ForAll @IntRange(min = 1, max = 30) int maxRounds,
      @ForAll @LongRange(min = 1, max = 3_600_000) long downtimeMillis,
      @ForAll boolean hybrid,
      @ForAll boolean autoConverge) {
    Limits limits =
        new Limits(
            hybrid ? Strategy.HYBRID : Strategy.PRE_COPY,
            Duration.ofMillis(downtimeMillis),
            Duration.ofMillis(100),
            maxRounds,
            Duration.ofDays(1),
            autoConverge);
    List<RoundStats> rounds = new ArrayList<>();
    long send = 1L << 30;
    int throttle = 100;
    Decision decision = Convergence.decide(rounds, limits);
    while (decision.goesOn()) {
      assertThat(rounds).hasSizeLessThan(maxRounds);
      if (decision instanceof Decision.Throttle slower) {
        assertThat(autoConverge).isTrue();
        assertThat(slower.percent()).isLessThan(throttle);
        throttle = slower.percent();
      }
      Duration took = new Throughput(throughput).timeFor(send);
      send = dirty.get(rounds.size() % dirty.size());
      rounds.add(new RoundStats(send, took, send, throttle));
      decision = Convergence.decide(rounds, limits);
      assertThat(decision).isEqualTo(Convergence.decide(List.copyOf(rounds), limits));
      assertThat(decision.reason()).isNotBlank();
    }
    if (decision instanceof Decision.SwitchToPostCopy) {
      assertThat(hybrid).isTrue();
    }
  }
}
