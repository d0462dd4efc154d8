package io.podkit.cli.fake;

import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.RemoteMemory;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckReport;
import io.podkit.migrate.api.CheckRequest;
import io.podkit.migrate.api.DirtyPoint;
import io.podkit.migrate.api.MemoryReport;
import io.podkit.migrate.api.MemoryRound;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.api.StrategyPrediction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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

  /** A pod that lacks that memory. */
  public static PodStatus pod(String name, PodState state, RemoteMemory memory) {
    return pod(spec(name), state, memory);
  }

  /** A container that podman started three minutes ago. */
  public static PodStatus container(String name) {
    PodStatus pod = running(name);
    return new PodStatus(
        pod.id(),
        pod.spec(),
        pod.state(),
        pod.created(),
        pod.started(),
        pod.pid(),
        pod.exitCode(),
        pod.address(),
        List.of(),
        null,
        null,
        new ContainerRef("podman", "0123456789ab".repeat(5) + "cdef"));
  }

  /** That pod, created four minutes ago and started three minutes ago. */
  public static PodStatus pod(PodSpec spec, PodState state) {
    return pod(spec, state, null);
  }

  private static PodStatus pod(PodSpec spec, PodState state, @Nullable RemoteMemory memory) {
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
        null,
        memory,
        null);
  }

  /** A round that left 12 MiB dirty. */
  public static MemoryRound round(int number) {
    return new MemoryRound(
        number,
        65536,
        180L << 20,
        Duration.ofMillis(1200),
        12L << 20,
        10L << 20,
        200L << 20,
        400,
        20,
        3);
  }

  /** A pod's memory that travelled in two rounds. */
  public static MemoryReport memory() {
    return new MemoryReport(
        Strategy.PRE_COPY,
        "both hosts can do it",
        "wp-async",
        "Linux 6.18 has it",
        List.of(round(1), round(2)),
        List.of(
            new MemoryReport.Decided(
                Duration.ofMillis(1300), "freeze", "12.0 MiB take 60 ms: within 200 ms")),
        List.of(new MemoryReport.Untracked("hugetlb", 2 << 20, "cannot be write-protected")),
        new MemoryReport.Pages(100_000, 800, 40),
        new MemoryReport.Traffic(400L << 20, 360L << 20),
        OptionalLong.of(8 << 20),
        OptionalLong.empty(),
        true,
        Duration.ofMillis(640));
  }

  /** A check of a pod that writes 10 MiB a second; predictions only with a host. */
  public static CheckReport check(CheckRequest request, List<Blocker> blockers) {
    boolean alone = request.host() == null;
    return new CheckReport(
        request.pod(),
        request.host(),
        1 << 30,
        "wp-async",
        "Linux 6.18 has it",
        List.of(
            new DirtyPoint(Duration.ofMillis(500), 8 << 20),
            new DirtyPoint(Duration.ofSeconds(3), 30 << 20)),
        alone ? OptionalLong.empty() : OptionalLong.of(200 << 20),
        blockers,
        alone
            ? List.of()
            : List.of(
                new VolumeFate(
                    new VolumeOffer("/data", "", 7, 3 << 20, "", Map.of()),
                    VolumeFate.Kind.COPY,
                    "nothing is there yet"),
                new VolumeFate(
                    new VolumeOffer("/home", "", -1, -1, "", Map.of()),
                    VolumeFate.Kind.SHARED,
                    "both hosts see the same storage")),
        alone
            ? List.of()
            : List.of(
                new StrategyPrediction(
                    Strategy.STOP_COPY,
                    0,
                    Duration.ofMillis(5200),
                    Duration.ofMillis(5200),
                    true,
                    "all memory travels while it stands still"),
                new StrategyPrediction(
                    Strategy.PRE_COPY,
                    2,
                    Duration.ofMillis(140),
                    Duration.ofMillis(5400),
                    false,
                    "the dirty set shrinks no more")),
        alone ? List.of() : List.of(new CheckReport.Impossible(Strategy.HYBRID, "hostb cannot")),
        alone ? null : Strategy.PRE_COPY,
        alone ? "name a host" : "both hosts can do it");
  }
}
