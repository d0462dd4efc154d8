package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.MigrationReport.PhaseTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PhaseClockTest {
  private final List<MigrationEvent> events = new ArrayList<>();

  /** Not zero: a clock of nanoseconds may begin anywhere. */
  private long nanos = -5_000_000_000L;

  private final PhaseClock clock = new PhaseClock(events::add, () -> nanos);

  private void pass(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void phases_followEachOtherWithoutAGap() {
    clock.enter(MigrationPhase.PREFLIGHT, 0);
    pass(30);
    clock.enter(MigrationPhase.SYNC_LAYERS, 0);
    clock.sent(7);
    pass(50);
    clock.finish();
    assertThat(clock.phases())
        .containsExactly(
            new PhaseTime(MigrationPhase.PREFLIGHT, Duration.ofMillis(30), 0),
            new PhaseTime(MigrationPhase.SYNC_LAYERS, Duration.ofMillis(50), 7));
    assertThat(clock.now()).isEqualTo(Duration.ofMillis(80));
  }

  @Test
  void events_comeInTheOrderOfWhatHappens() {
    clock.enter(MigrationPhase.PREFLIGHT, 0);
    pass(30);
    clock.enter(MigrationPhase.SYNC_LAYERS, 0);
    assertThat(events)
        .containsExactly(
            new MigrationEvent.PhaseStarted(Duration.ZERO, MigrationPhase.PREFLIGHT),
            new MigrationEvent.PhaseFinished(
                Duration.ofMillis(30), MigrationPhase.PREFLIGHT, Duration.ofMillis(30), 0),
            new MigrationEvent.PhaseStarted(Duration.ofMillis(30), MigrationPhase.SYNC_LAYERS));
  }

  @Test
  void sent_isToldAtMostTenTimesASecondAndCountedAlways() {
    clock.enter(MigrationPhase.TRANSFER, 100);
    pass(200);
    events.clear();
    for (int i = 0; i < 10; i++) {
      clock.sent(1);
      pass(20);
    }
    clock.finish();
    assertThat(events.subList(0, 2))
        .containsExactly(
            new MigrationEvent.Progress(Duration.ofMillis(200), MigrationPhase.TRANSFER, 1, 100),
            new MigrationEvent.Progress(Duration.ofMillis(300), MigrationPhase.TRANSFER, 6, 100));
    assertThat(events).hasSize(3);
    assertThat(clock.bytesIn(MigrationPhase.TRANSFER)).isEqualTo(10);
  }

  @Test
  void frozenFor_isTheTimeFromStandstillToRunning() {
    assertThat(clock.frozenFor()).isNull();
    pass(10);
    clock.frozen();
    pass(250);
    assertThat(clock.frozenFor()).isNull();
    clock.thawed();
    pass(70);
    assertThat(clock.frozenFor()).isEqualTo(Duration.ofMillis(250));
  }
}
