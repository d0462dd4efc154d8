package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.LiveStatus;
import io.podkit.migrate.api.MemoryRound;
import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.transport.RateLimiter;
import java.time.Duration;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LiveKnobsTest {
  private final MigrationId id = MigrationId.random();
  private long nanos = -5;
  private boolean granted;
  private int cancelled;
  private final LiveProgress progress = new LiveProgress(id, () -> nanos);
  private final LiveKnobs knobs =
      new LiveKnobs(
          MigrationRequest.to(new PodName("web"), "hostb"),
          () -> {
            cancelled++;
            return !granted;
          },
          progress);

  private void reach(MigrationPhase phase) {
    progress.on(new MigrationEvent.PhaseStarted(Duration.ZERO, phase));
  }

  private static void assertRefused(ErrorKind kind, String why, ThrowingCallable order) {
    assertThatThrownBy(order)
        .hasMessageContaining(why)
        .isInstanceOfSatisfying(PodkitException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void bandwidth_isTheLimitersAtOnce() throws PodkitException {
    knobs.setBandwidth(OptionalLong.of(4096));
    assertThat(knobs.limiter().rate()).isEqualTo(4096);
    assertThat(knobs.status().bandwidth()).hasValue(4096);
    knobs.setBandwidth(OptionalLong.empty());
    assertThat(knobs.limiter().rate()).isEqualTo(RateLimiter.UNLIMITED);
    assertRefused(ErrorKind.USAGE, "never finish", () -> knobs.setBandwidth(OptionalLong.of(7)));
  }

  @Test
  void downtime_isForRoundsThatAreNotOver() throws PodkitException {
    knobs.setDowntime(Duration.ofMillis(50)); // before a strategy is chosen
    knobs.chosen(Strategy.PRE_COPY, false);
    reach(MigrationPhase.PRE_COPY);
    knobs.setDowntime(Duration.ofMillis(70));
    assertThat(knobs.downtime()).isEqualTo(Duration.ofMillis(70));
    assertRefused(ErrorKind.USAGE, "above zero", () -> knobs.setDowntime(Duration.ZERO));
    reach(MigrationPhase.FREEZE);
    assertRefused(ErrorKind.CONFLICT, "at freeze", () -> knobs.setDowntime(Duration.ofMillis(90)));
    assertThat(knobs.downtime()).isEqualTo(Duration.ofMillis(70));
  }

  @Test
  void stopCopy_hasNoRoundsToTurn() {
    knobs.chosen(Strategy.STOP_COPY, false);
    assertRefused(ErrorKind.CONFLICT, "stop-copy", () -> knobs.setDowntime(Duration.ofMillis(90)));
    assertRefused(ErrorKind.CONFLICT, "stop-copy", knobs::switchToPostCopy);
  }

  @Test
  void postCopy_onlyWhereBothHostsCanAndInTime() throws PodkitException {
    knobs.chosen(Strategy.PRE_COPY, false);
    assertRefused(ErrorKind.CONFLICT, "pre-copy", knobs::switchToPostCopy);
    knobs.chosen(Strategy.HYBRID, true);
    reach(MigrationPhase.TRANSFER);
    assertRefused(ErrorKind.CONFLICT, "at transfer", knobs::switchToPostCopy);
    assertThat(knobs.postCopyWanted()).isFalse();
    reach(MigrationPhase.PRE_COPY);
    knobs.switchToPostCopy();
    assertThat(knobs.postCopyWanted()).isTrue();
  }

  @Test
  void cancel_saysWhenItIsTooLate() throws PodkitException {
    knobs.cancel();
    granted = true;
    assertRefused(ErrorKind.CONFLICT, "may belong to hostb", knobs::cancel);
    assertThat(cancelled).isEqualTo(2);
  }

  @Test
  void status_addsUpWhatHappened() {
    knobs.chosen(Strategy.PRE_COPY, false);
    reach(MigrationPhase.SYNC_FILES);
    progress.on(
        new MigrationEvent.PhaseFinished(
            Duration.ZERO, MigrationPhase.SYNC_FILES, Duration.ofMillis(5), 1000));
    reach(MigrationPhase.PRE_COPY);
    progress.on(new MigrationEvent.Progress(Duration.ZERO, MigrationPhase.PRE_COPY, 234, 0));
    MemoryRound round = new MemoryRound(1, 2, 3, Duration.ofMillis(4), 5, 6, 7, 8, 9, 10);
    Estimate estimate = new Estimate(Duration.ofMillis(120), Duration.ofSeconds(2));
    progress.on(new MigrationEvent.RoundFinished(Duration.ZERO, round, estimate));
    nanos += 2_000_000_000L;

    LiveStatus status = knobs.status();

    assertThat(status.migration()).isEqualTo(id.hex());
    assertThat(status.phase()).isEqualTo(MigrationPhase.PRE_COPY);
    assertThat(status.strategy()).isEqualTo(Strategy.PRE_COPY);
    assertThat(status.elapsed()).isEqualTo(Duration.ofSeconds(2));
    assertThat(status.bytesSent()).isEqualTo(1234);
    assertThat(status.round()).isEqualTo(round);
    assertThat(status.estimate()).isEqualTo(estimate);
    assertThat(status.bandwidth()).isEmpty();
  }
}
