package io.podkit.cli.fake;

import io.podkit.core.api.PodName;
import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.LiveControl;
import io.podkit.migrate.api.LiveStatus;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** A running migration that writes its orders down. */
final class FakeLive implements LiveControl {
  private final PodName pod;
  private final List<String> calls;

  FakeLive(PodName pod, List<String> calls) {
    this.pod = pod;
    this.calls = calls;
  }

  @Override
  public void setDowntime(Duration limit) {
    calls.add("downtime " + pod + " " + limit);
  }

  @Override
  public void setBandwidth(OptionalLong bytesPerSecond) {
    calls.add("bandwidth " + pod + " " + bytesPerSecond);
  }

  @Override
  public void switchToPostCopy() {
    calls.add("post-copy " + pod);
  }

  @Override
  public void cancel() {
    calls.add("cancel " + pod);
  }

  @Override
  public LiveStatus status() {
    return new LiveStatus(
        "m-1",
        pod,
        "hostb",
        Strategy.HYBRID,
        MigrationPhase.PRE_COPY,
        Duration.ofMillis(4321),
        360L << 20,
        Duration.ofMillis(200),
        OptionalLong.of(200L << 20),
        true,
        Samples.round(2),
        new Estimate(Duration.ofMillis(120), Duration.ofMillis(2100)));
  }
}
