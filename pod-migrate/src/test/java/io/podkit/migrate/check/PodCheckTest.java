package io.podkit.migrate.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckReport;
import io.podkit.migrate.api.CheckRequest;
import io.podkit.migrate.api.DirtyPoint;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.api.StrategyPrediction;
import io.podkit.migrate.memory.policy.Abilities.Ability;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodCheckTest {
  private static final PodName WEB = new PodName("web");
  private static final long MIB = 1 << 20;
  private static final Blocker BLOCKER =
      new Blocker("message queue", OptionalLong.of(7), "/q", "CRIU cannot dump it", null);

  private Set<Ability> there = EnumSet.allOf(Ability.class);
  private List<Blocker> blockers = List.of();

  private CheckReport check(@Nullable String host) throws PodkitException {
    PodCheck check =
        new PodCheck(
            (pod, time) ->
                new DirtyRateMeter.Measured(
                    1000 * MIB,
                    List.of(new DirtyPoint(time, 10 * MIB)),
                    Duration.ofMillis(100),
                    "wp-async",
                    "Linux 6.18 has it",
                    EnumSet.allOf(Ability.class)),
            (target, port) -> new LinkMeter.Link(100 * MIB, there),
            request -> new BlockerSurvey.Found(blockers, List.of()));
    return check.run(
        new CheckRequest(WEB, host, 7617, Duration.ofSeconds(10), MemoryOptions.DEFAULT, false));
  }

  @Test
  void withATarget_everyStrategyIsPredicted() throws PodkitException {
    CheckReport report = check("hostb");
    assertThat(report.predictions())
        .extracting(StrategyPrediction::strategy)
        .containsExactly(
            Strategy.STOP_COPY, Strategy.PRE_COPY, Strategy.POST_COPY, Strategy.HYBRID);
    assertThat(report.predictions())
        .extracting(p -> p.pause().toMillis())
        .containsExactly(10_100L, 200L, 100L, 200L);
    assertThat(report.auto()).isEqualTo(Strategy.PRE_COPY);
    assertThat(report.linkBytesPerSecond()).hasValue(100 * MIB);
    assertThat(report.movable()).isTrue();
  }

  @Test
  void whatTheTargetCannot_isSaid() throws PodkitException {
    there = Set.of();
    CheckReport report = check("hostb");
    assertThat(report.predictions())
        .extracting(StrategyPrediction::strategy)
        .containsExactly(Strategy.STOP_COPY);
    assertThat(report.impossible())
        .extracting(CheckReport.Impossible::strategy)
        .containsExactly(Strategy.PRE_COPY, Strategy.POST_COPY, Strategy.HYBRID);
    assertThat(report.impossible().get(0).reason()).contains("hostb cannot move memory in rounds");
    assertThat(report.auto()).isEqualTo(Strategy.STOP_COPY);
  }

  @Test
  void alone_nothingIsPredicted() throws PodkitException {
    blockers = List.of(BLOCKER);
    CheckReport report = check(null);
    assertThat(report.predictions()).isEmpty();
    assertThat(report.auto()).isNull();
    assertThat(report.linkBytesPerSecond()).isEmpty();
    assertThat(report.dirtied()).hasSize(1);
    assertThat(report.blockers()).containsExactly(BLOCKER);
    assertThat(report.movable()).isFalse();
  }

  @Test
  void withoutATracker_onlyStopCopyIsPredicted() throws PodkitException {
    PodCheck check =
        new PodCheck(
            (pod, time) ->
                new DirtyRateMeter.Measured(
                    100 * MIB,
                    List.of(),
                    Duration.ofMillis(100),
                    "none",
                    "no PAGEMAP_SCAN",
                    EnumSet.allOf(Ability.class)),
            (target, port) -> new LinkMeter.Link(100 * MIB, Set.of(Ability.PAGE_ROUNDS)),
            request -> new BlockerSurvey.Found(List.of(), List.of()));
    CheckReport report =
        check.run(
            new CheckRequest(
                WEB, "hostb", 7617, Duration.ofSeconds(1), MemoryOptions.DEFAULT, false));
    assertThat(report.predictions())
        .extracting(StrategyPrediction::strategy)
        .containsExactly(Strategy.STOP_COPY);
    assertThat(report.autoReason()).contains("no PAGEMAP_SCAN");
  }

  @Test
  void request_isChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new CheckRequest(
                    WEB, null, 1, Duration.ofMillis(99), MemoryOptions.DEFAULT, false));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new CheckRequest(
                    WEB, null, 1, Duration.ofMinutes(6), MemoryOptions.DEFAULT, false));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new CheckRequest(WEB, " ", 1, Duration.ofSeconds(1), MemoryOptions.DEFAULT, false));
  }
}
