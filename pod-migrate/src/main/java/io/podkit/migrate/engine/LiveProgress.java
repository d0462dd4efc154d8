package io.podkit.migrate.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.LiveStatus;
import io.podkit.migrate.api.MemoryRound;
import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.protocol.MigrationId;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers of a migration's events how far it is, for whoever asks. Thread-safe. */
final class LiveProgress implements MigrationListener {
  private final MigrationId id;
  private final LongSupplier nanoClock;
  private final long began;

  @GuardedBy("this")
  private MigrationPhase phase = MigrationPhase.PREFLIGHT;

  @GuardedBy("this")
  private long finishedBytes;

  @GuardedBy("this")
  private long phaseBytes;

  @GuardedBy("this")
  private @Nullable MemoryRound round;

  @GuardedBy("this")
  private @Nullable Estimate estimate;

  LiveProgress(MigrationId id, LongSupplier nanoClock) {
    this.id = id;
    this.nanoClock = nanoClock;
    began = nanoClock.getAsLong();
  }

  /** Hears what that listener hears, before it. */
  MigrationListener before(MigrationListener listener) {
    return event -> {
      on(event);
      listener.on(event);
    };
  }

  @Override
  public synchronized void on(MigrationEvent event) {
    if (event instanceof MigrationEvent.PhaseStarted started) {
      phase = started.phase();
      phaseBytes = 0;
    } else if (event instanceof MigrationEvent.Progress progress) {
      phaseBytes = progress.done();
    } else if (event instanceof MigrationEvent.PhaseFinished finished) {
      finishedBytes += finished.bytes();
      phaseBytes = 0;
    } else if (event instanceof MigrationEvent.RoundFinished finished) {
      round = finished.round();
      estimate = finished.estimate();
    }
  }

  synchronized MigrationPhase phase() {
    return phase;
  }

  /** All of it at one instant; what does not come from events is given. */
  synchronized LiveStatus status(
      MigrationRequest request,
      Strategy strategy,
      Duration downtime,
      OptionalLong bandwidth,
      boolean postCopyWanted) {
    return new LiveStatus(
        id.hex(),
        request.pod(),
        request.host(),
        strategy,
        phase,
        Duration.ofNanos(nanoClock.getAsLong() - began),
        finishedBytes + phaseBytes,
        downtime,
        bandwidth,
        postCopyWanted,
        round,
        estimate);
  }
}
