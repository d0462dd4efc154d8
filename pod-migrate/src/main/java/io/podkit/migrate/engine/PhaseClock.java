package io.podkit.migrate.engine;

import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.MemoryReport;
import io.podkit.migrate.api.MemoryRound;
import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.MigrationReport.PhaseTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the phases of one migration and tells a listener. Phases follow each other without a
 * gap, so their times add up to the total. One thread moves from phase to phase; any thread may
 * report bytes.
 */
final class PhaseClock {
  private static final long PROGRESS_NANOS = 100_000_000;

  private final MigrationListener listener;
  private final LongSupplier nanoClock;
  private final long began;
  private final List<PhaseTime> finished = new ArrayList<>();
  private final List<MemoryRound> rounds = new ArrayList<>();
  private final List<MemoryReport.Decided> decisions = new ArrayList<>();
  private @Nullable MigrationPhase current;
  private long currentBegan;
  private long bytes;
  private long expected;
  private long lastProgress;
  private long frozenAt = -1;
  private @Nullable Duration frozen;

  PhaseClock(MigrationListener listener, LongSupplier nanoClock) {
    this.listener = listener;
    this.nanoClock = nanoClock;
    began = nanoClock.getAsLong();
    currentBegan = began;
    lastProgress = began - PROGRESS_NANOS; // System.nanoTime begins anywhere, below zero too
  }

  /** Ends the running phase and begins {@code next}. */
  synchronized void enter(MigrationPhase next, long expectedBytes) {
    finishCurrent();
    current = next;
    expected = expectedBytes;
    bytes = 0;
    listener.on(new MigrationEvent.PhaseStarted(now(), next));
  }

  /** Ends the last phase. */
  synchronized void finish() {
    finishCurrent();
    current = null;
  }

  private void finishCurrent() {
    if (current == null) {
      return;
    }
    long end = nanoClock.getAsLong();
    Duration took = Duration.ofNanos(end - currentBegan);
    finished.add(new PhaseTime(current, took, bytes));
    listener.on(new MigrationEvent.PhaseFinished(now(), current, took, bytes));
    currentBegan = end;
  }

  /** Counts bytes for the running phase; the listener hears of it at most ten times a second. */
  synchronized void sent(long count) {
    bytes += count;
    long now = nanoClock.getAsLong();
    if (current != null && now - lastProgress >= PROGRESS_NANOS) {
      lastProgress = now;
      listener.on(new MigrationEvent.Progress(now(), current, bytes, expected));
    }
  }

  /** A round of the running phase ended. */
  synchronized void round(MemoryRound round, Estimate estimate) {
    rounds.add(round);
    listener.on(new MigrationEvent.RoundFinished(now(), round, estimate));
  }

  /** It was decided how to go on. */
  synchronized void decided(String decision, String reason) {
    Duration at = now();
    decisions.add(new MemoryReport.Decided(at, decision, reason));
    listener.on(new MigrationEvent.Decided(at, decision, reason));
  }

  synchronized List<MemoryRound> rounds() {
    return List.copyOf(rounds);
  }

  synchronized List<MemoryReport.Decided> decisions() {
    return List.copyOf(decisions);
  }

  synchronized void notice(String message) {
    listener.on(new MigrationEvent.Notice(now(), message));
  }

  /** The pod is being stopped. */
  synchronized void frozen() {
    frozenAt = nanoClock.getAsLong();
  }

  /** The pod has just been heard to run again. */
  synchronized void thawed() {
    frozen = Duration.ofNanos(nanoClock.getAsLong() - frozenAt);
  }

  /** How long it stood still, null if it never did or still does. */
  synchronized @Nullable Duration frozenFor() {
    return frozen;
  }

  synchronized List<PhaseTime> phases() {
    return List.copyOf(finished);
  }

  /** Bytes sent in those phases. */
  synchronized long bytesIn(MigrationPhase... phases) {
    List<MigrationPhase> wanted = List.of(phases);
    return finished.stream()
        .filter(p -> wanted.contains(p.phase()))
        .mapToLong(PhaseTime::bytes)
        .sum();
  }

  /** Since the beginning. */
  synchronized Duration now() {
    return Duration.ofNanos(nanoClock.getAsLong() - began);
  }
}
