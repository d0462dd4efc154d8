package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.CpuThrottle;
import io.podkit.core.api.PodName;
import io.podkit.criu.image.PageRun;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MemoryReport;
import io.podkit.migrate.api.MemoryRound;
import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.memory.inventory.InventoryFile;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.policy.AppliedThrottle;
import io.podkit.migrate.memory.policy.Decision;
import io.podkit.migrate.memory.transfer.BatchSink;
import io.podkit.migrate.memory.transfer.PageSender;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.MigrationId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PreCopyTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final List<MigrationEvent> events = new ArrayList<>();
  private final List<Integer> throttled = new ArrayList<>();
  private final CancelSwitch cancel = new CancelSwitch();
  private final PhaseClock phases = new PhaseClock(events::add, System::nanoTime);
  private final HotPages hot = new HotPages();
  private final LiveKnobs knobs =
      new LiveKnobs(
          MigrationRequest.to(new PodName("web"), "hostb"),
          () -> true,
          new LiveProgress(MigrationId.random(), System::nanoTime));
  private final AppliedThrottle throttle =
      new AppliedThrottle(
          new CpuThrottle() {
            @Override
            public void apply(int percent) {
              throttled.add(percent);
            }

            @Override
            public void remove() {}
          });
  private volatile @Nullable PodkitException failure;
  private final PageSender sender =
      new PageSender(
          List.of(
              new BatchSink() {
                @Override
                public void send(Bulk.PageBatch batch) throws PodkitException {
                  PodkitException gone = failure;
                  if (gone != null) {
                    throw gone;
                  }
                }

                @Override
                public void flush() {}
              }),
          Compression.NONE,
          () -> 1,
          bytes -> {},
          () -> {});

  @AfterEach
  void close() throws PodkitException {
    sender.close();
  }

  private Decision run(ScriptedTracker tracker, Strategy strategy, int rounds, boolean converge)
      throws PodkitException {
    MemoryOptions options =
        new MemoryOptions(
            strategy,
            Duration.ofNanos(1), // nothing is within it, unless nothing is left
            rounds,
            converge,
            OptionalInt.empty(),
            Compression.NONE,
            false);
    knobs.setDowntime(Duration.ofNanos(1));
    return preCopy(tracker, strategy, options, LONG).run();
  }

  private PreCopy preCopy(
      ScriptedTracker tracker, Strategy strategy, MemoryOptions options, Duration timeout) {
    return new PreCopy(
        tracker, sender, hot, throttle, knobs, cancel, phases, strategy, options, timeout);
  }

  @Test
  void rounds_endWhenNothingIsLeft() throws Exception {
    ScriptedTracker tracker = new ScriptedTracker(1000L, 100L, 10L, 0L);
    assertThat(run(tracker, Strategy.PRE_COPY, 12, false)).isInstanceOf(Decision.FreezeNow.class);

    assertThat(tracker.calls()).containsExactly("round", "round", "round");
    assertThat(phases.rounds())
        .extracting(MemoryRound::pagesScanned)
        .containsExactly(1000L, 100L, 10L);
    assertThat(phases.rounds())
        .extracting(MemoryRound::dirtyBytes)
        .containsExactly(100L * PageRun.PAGE_SIZE, 10L * PageRun.PAGE_SIZE, 0L);
    assertThat(phases.decisions())
        .extracting(MemoryReport.Decided::decision)
        .containsExactly("next-round", "next-round", "next-round", "freeze");
    // Only what was written to last is hot.
    assertThat(hot.pages())
        .containsExactly(
            new MemoryInventory.Hot(ScriptedTracker.MEMORY, new PageRun(ScriptedTracker.BASE, 10)));
  }

  @Test
  void rounds_areLimited() throws Exception {
    ScriptedTracker tracker = new ScriptedTracker(4000L, 3000L, 2000L, 1000L, 400L, 90L);
    assertThat(run(tracker, Strategy.PRE_COPY, 3, false)).isInstanceOf(Decision.FreezeNow.class);
    assertThat(tracker.calls()).hasSize(3);
  }

  @Test
  void hybrid_goesOnWithPostCopy_wherePreCopyWouldFreeze() throws Exception {
    ScriptedTracker tracker = new ScriptedTracker(4000L, 3000L, 2000L);
    assertThat(run(tracker, Strategy.HYBRID, 2, false))
        .isInstanceOf(Decision.SwitchToPostCopy.class);
  }

  @Test
  void autoConverge_slowsAPodThatDoesNotCalmDown() throws Exception {
    ScriptedTracker tracker = new ScriptedTracker(1000L);
    assertThat(run(tracker, Strategy.PRE_COPY, 60, true)).isInstanceOf(Decision.FreezeNow.class);
    assertThat(throttled).startsWith(80).isSortedAccordingTo((a, b) -> b - a);
  }

  @Test
  void noTime_isGivenUp() throws Exception {
    ScriptedTracker tracker = new ScriptedTracker(1000L);
    PreCopy preCopy =
        preCopy(tracker, Strategy.PRE_COPY, MemoryOptions.DEFAULT, Duration.ofMillis(1));
    knobs.setDowntime(Duration.ofNanos(1));
    assertThatThrownBy(preCopy::run)
        .hasMessageContaining("the pod writes faster than its memory travels")
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TIMEOUT));
  }

  @Test
  void cancel_endsTheRounds() {
    cancel.cancel(PodkitException.cancelled("enough"));
    ScriptedTracker tracker = new ScriptedTracker(1000L);
    assertThatThrownBy(() -> run(tracker, Strategy.PRE_COPY, 12, false))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
    assertThat(tracker.calls()).isEmpty();
  }

  @Test
  void failedChannel_endsTheRounds() {
    PodkitException gone = PodkitException.peer("the target is gone", null);
    failure = gone;
    ScriptedTracker tracker = new ScriptedTracker(1000L);
    assertThatThrownBy(() -> run(tracker, Strategy.PRE_COPY, 12, false)).isSameAs(gone);
    assertThat(tracker.calls()).containsExactly("round");
  }

  @Test
  void hotPages_areLimited() throws Exception {
    ScriptedTracker tracker = new ScriptedTracker();
    for (int i = 0; i < 20_000; i++) {
      hot.before((source, address, pages) -> {}).run(tracker, i * 8192L, 1);
    }
    assertThat(hot.pages()).hasSize(1 << 14);
    hot.clear();
    assertThat(hot.pages()).isEmpty();
  }

  @Test
  void trackedMemory_isCarriedInThreeSteps(@TempDir Path images) throws Exception {
    ScriptedTracker tracker = new ScriptedTracker(5L, 3L, 0L);
    Path filter = images.resolve("plan");
    TrackedMemory carrier = new TrackedMemory(tracker, sender, filter, hot, true, null);
    assertThat(carrier.carriesFromTheStart()).isFalse();
    carrier.begin();
    carrier.carry();
    carrier.finish(images);
    carrier.close();

    assertThat(tracker.calls()).containsExactly("plan", "frozen", "finish", "digests", "close");
    assertThat(sender.counts().snapshot().pages()).isEqualTo(8);
    MemoryInventory inventory = InventoryFile.read(images);
    assertThat(inventory.processes()).hasSize(1);
    assertThat(inventory.digests()).containsExactly(42L);
    // What CRIU changed itself is not what the pod wants first.
    assertThat(inventory.hot())
        .containsExactly(
            new MemoryInventory.Hot(ScriptedTracker.MEMORY, new PageRun(ScriptedTracker.BASE, 5)));
  }
}
