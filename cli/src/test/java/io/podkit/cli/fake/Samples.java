package io.podkit.cli.fake;

import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Values that many tests need. */
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  public static final NetworkAddress ADDRESS =
      new NetworkAddress("10.88.0.7", 16, "fd00:88::7", 64, "0a:58:0a:58:00:07");
  public static final String LAYER = "sha256:" + "ab".repeat(32);

  private Samples() {}

  public static PodSpec spec(String name) {
    return PodSpec.builder(new PodName(name), PodSource.image("redis"))
        .command(List.of("redis-server", "--save", ""))
        .build();
  }

  public static PodStatus running(String name) {
    return pod(spec(name), PodState.RUNNING);
  }

  public static PodStatus pod(String name, PodState state) {
    return pod(spec(name), state);
  }

  /** That pod, created four minutes ago and started three minutes ago. */
  public static PodStatus pod(PodSpec spec, PodState state) {
    boolean ran = state != PodState.CREATED;
    return new PodStatus(
        "0123456789ab",
        spec,
        state,
        NOW.minus(Duration.ofMinutes(4)),
        ran ? NOW.minus(Duration.ofMinutes(3)) : null,
        state.hasProcesses() ? OptionalLong.of(4711) : OptionalLong.empty(),
        state == PodState.EXITED ? OptionalInt.of(137) : OptionalInt.empty(),
        ADDRESS,
        List.of(LAYER),
        null);
  }
}
