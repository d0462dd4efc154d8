package io.podkit.migrate.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.LiveControl;
import io.podkit.migrate.api.LiveStatus;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.transport.RateLimiter;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * What can be turned on one running migration. People turn it from any thread; the engine reads it
 * where it next decides. Thread-safe.
 */
final class LiveKnobs implements LiveControl {
  private final MigrationRequest request;
  private final BooleanSupplier giveUp;
  private final LiveProgress progress;
  private final RateLimiter limiter;

  @GuardedBy("this")
  private Strategy strategy;

  @GuardedBy("this")
  private boolean mayLeaveMemoryBehind;

  @GuardedBy("this")
  private Duration downtime;

  @GuardedBy("this")
  private boolean postCopyWanted;

  /**
   * The knobs of a migration that has not chosen its strategy.
   *
   * @param giveUp cancels it; false if it is too late
   * @param progress hears the migration's events
   */
  LiveKnobs(MigrationRequest request, BooleanSupplier giveUp, LiveProgress progress) {
    this.request = request;
    this.giveUp = giveUp;
    this.progress = progress;
    limiter = new RateLimiter(request.bandwidth().orElse(RateLimiter.UNLIMITED));
    strategy = request.memory().strategy();
    downtime = request.memory().downtimeLimit();
  }

  /**
   * The strategy was chosen.
   *
   * @param canLeaveMemoryBehind whether both hosts could still turn to post-copy
   */
  synchronized void chosen(Strategy choice, boolean canLeaveMemoryBehind) {
    strategy = choice;
    mayLeaveMemoryBehind = canLeaveMemoryBehind;
  }

  /** What everything that is sent has to pass. */
  RateLimiter limiter() {
    return limiter;
  }

  /** The downtime limit in force. */
  synchronized Duration downtime() {
    return downtime;
  }

  /** Whether rounds are to end with post-copy. */
  synchronized boolean postCopyWanted() {
    return postCopyWanted;
  }

  @Override
  public synchronized void setDowntime(Duration limit) throws PodkitException {
    try {
      MemoryOptions.checkDowntime(limit);
    } catch (IllegalArgumentException e) {
      throw PodkitException.usage(String.valueOf(e.getMessage()));
    }
    if (strategy != Strategy.AUTO && !strategy.hasRounds()) {
      throw conflict("it moves by " + strategy.label() + ", which has no rounds to be limited");
    }
    requireRounds();
    downtime = limit;
  }

  @Override
  public void setBandwidth(OptionalLong bytesPerSecond) throws PodkitException {
    try {
      MigrationRequest.checkBandwidth(bytesPerSecond);
    } catch (IllegalArgumentException e) {
      throw PodkitException.usage(String.valueOf(e.getMessage()));
    }
    limiter.setRate(bytesPerSecond.orElse(RateLimiter.UNLIMITED));
  }

  @Override
  public synchronized void switchToPostCopy() throws PodkitException {
    if (!mayLeaveMemoryBehind || !strategy.hasRounds()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "cannot switch pod " + request.pod() + ": it moves by " + strategy.label(),
          new Hint("begin with --strategy hybrid where both hosts can do it; a container cannot"));
    }
    requireRounds();
    postCopyWanted = true;
  }

  private void requireRounds() throws PodkitException {
    MigrationPhase phase = progress.phase();
    if (phase.compareTo(MigrationPhase.FREEZE) >= 0) {
      throw conflict("its rounds are over, it is at " + phase.label());
    }
  }

  @Override
  public void cancel() throws PodkitException {
    if (!giveUp.getAsBoolean()) {
      throw conflict("it may belong to " + request.host() + " already");
    }
  }

  private PodkitException conflict(String why) {
    return PodkitException.conflict(
        "the migration of pod " + request.pod() + " takes no such order: " + why);
  }

  @Override
  public LiveStatus status() {
    long rate = limiter.rate();
    synchronized (this) {
      return progress.status(
          request,
          strategy,
          downtime,
          rate == RateLimiter.UNLIMITED ? OptionalLong.empty() : OptionalLong.of(rate),
          postCopyWanted);
    }
  }
}
