package io.podkit.migrate.live;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.LiveControl;
import io.podkit.migrate.api.LiveStatus;
import io.podkit.migrate.api.MemoryRound;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A migration that writes its orders down. */
final class FakeControl implements LiveControl {
  final List<String> calls = new CopyOnWriteArrayList<>();
  volatile @Nullable PodkitException failure;

  final LiveStatus status =
      new LiveStatus(
          "0123456789abcdef0123456789abcdef",
          new PodName("web"),
          "hostb",
          Strategy.HYBRID,
          MigrationPhase.PRE_COPY,
          Duration.ofMillis(4321),
          123_456_789,
          Duration.ofMillis(200),
          OptionalLong.empty(),
          false,
          new MemoryRound(2, 7, 28672, Duration.ofMillis(30), 4096, 136_533, 955_733, 1, 2, 3),
          new Estimate(Duration.ofMillis(120), null));

  private void call(String what) throws PodkitException {
    calls.add(what);
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void setDowntime(Duration limit) throws PodkitException {
    call("downtime " + limit);
  }

  @Override
  public void setBandwidth(OptionalLong bytesPerSecond) throws PodkitException {
    call("bandwidth " + bytesPerSecond);
  }

  @Override
  public void switchToPostCopy() throws PodkitException {
    call("post-copy");
  }

  @Override
  public void cancel() throws PodkitException {
    call("cancel");
  }

  @Override
  public LiveStatus status() {
    return status;
  }
}
