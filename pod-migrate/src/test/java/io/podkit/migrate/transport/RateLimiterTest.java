package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Without a real clock: time passes when the test says so. */
class RateLimiterTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int FRAME = 1 << 20;

  private final AtomicLong now = new AtomicLong(17);

  @Test
  void unlimited_neverWaits() {
    RateLimiter limiter = RateLimiter.unlimited();
    for (int i = 0; i < 1000; i++) {
      assertThat(limiter.tryAcquire(Integer.MAX_VALUE)).isZero();
    }
  }

  @Test
  void frameLargerThanTheBucket_passesAndIsPaidAfterwards() {
    RateLimiter limiter = new RateLimiter(FRAME, now::get);

    assertThat(limiter.tryAcquire(FRAME)).isZero();
    assertThat(limiter.tryAcquire(1)).isBetween(SECOND * 9 / 10, SECOND);
    now.addAndGet(SECOND);
    assertThat(limiter.tryAcquire(1)).isZero();
  }

  @Test
  void idleTime_isNotSavedUp() {
    RateLimiter limiter = new RateLimiter(1000, now::get);
    now.addAndGet(3600 * SECOND);

    assertThat(limiter.tryAcquire(1000)).isZero();
    assertThat(limiter.tryAcquire(1)).isGreaterThan(SECOND * 9 / 10);
  }

  @Property(tries = 200)
  void rate_isKeptOverTime(
      @ForAll @LongRange(min = 1 << 20, max = 10L << 30) long rate,
      @ForAll @IntRange(min = 1, max = FRAME) int frame) {
    AtomicLong clock = new AtomicLong();
    RateLimiter limiter = new RateLimiter(rate, clock::get);
    long bytes = 0;
    for (int i = 0; i < 200; i++) {
      long wait;
      while ((wait = limiter.tryAcquire(frame)) > 0) {
        clock.addAndGet(wait);
      }
      bytes += frame;
    }
    // Never more than the time that passed, the bucket and the one frame in debt allow; and never a
    // wait for longer than that takes.
    double allowed = (double) rate * clock.get() / SECOND;
    assertThat((double) bytes).isLessThanOrEqualTo(allowed + rate * 0.05 + frame + 1);
    assertThat((double) bytes).isGreaterThanOrEqualTo(allowed - rate * 0.01 - 1);
  }

  @Test
  void newRate_wakesThoseWhoWait() throws Exception {
    RateLimiter limiter = new RateLimiter(1);
    limiter.acquire(FRAME); // twelve days of debt
    CompletableFuture<Boolean> through = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                limiter.acquire(1);
                through.complete(true);
              } catch (PodkitException e) {
                through.completeExceptionally(e);
              }
            });
    waiting.start();
    Doors.await(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    limiter.setRate(RateLimiter.UNLIMITED);

    assertThat(through.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(limiter.rate()).isZero();
  }

  @Test
  void interrupt_cancels() throws Exception {
    RateLimiter limiter = new RateLimiter(1);
    limiter.acquire(FRAME);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> limiter.acquire(1))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void negativeRate_isABug() {
    assertThatThrownBy(() -> new RateLimiter(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
