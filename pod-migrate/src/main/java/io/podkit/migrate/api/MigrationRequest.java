package io.podkit.migrate.api;

import io.podkit.core.api.PodName;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Everything a user says about one migration.
 *
 * @param pod the pod to move
 * @param host name or address of the target
 * @param port port of the target's agent
 * @param timeout the migration is given up if it has not committed by then
 * @param bandwidth most bytes a second to send, or empty for no cap
 * @param memory how its memory is to travel
 * @param dryRun whether to stop after the preflight
 * @param replaceVolumes whether other content at the places of its volumes gives way
 * @param force whether a target that is cordoned has to take it all the same
 * @param engine whose it is to be there
 */
public record MigrationRequest(
    PodName pod,
    String host,
    int port,
    Duration timeout,
    OptionalLong bandwidth,
    MemoryOptions memory,
    boolean dryRun,
    boolean replaceVolumes,
    boolean force,
    TargetEngine engine) {
  public static final int DEFAULT_PORT = 7617;
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

  public MigrationRequest {
    if (host.isBlank() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "'" + host + ":" + port + "' is not a target: write HOST or HOST:PORT");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("a migration needs a timeout above zero");
    }
    checkBandwidth(bandwidth);
    if (engine != TargetEngine.POD && memory.strategy().leavesMemoryBehind()) {
      throw new IllegalArgumentException(
          "memory cannot follow a container that becomes "
              + engine.label()
              + "'s: use pre-copy or stop-copy");
    }
  }

  /** One that becomes a pod there. */
  public MigrationRequest(
      PodName pod,
      String host,
      int port,
      Duration timeout,
      OptionalLong bandwidth,
      MemoryOptions memory,
      boolean dryRun,
      boolean replaceVolumes,
      boolean force) {
    this(
        pod,
        host,
        port,
        timeout,
        bandwidth,
        memory,
        dryRun,
        replaceVolumes,
        force,
        TargetEngine.POD);
  }

  /** Refuses a cap under which nothing would ever arrive. */
  public static void checkBandwidth(OptionalLong bandwidth) {
    if (bandwidth.isPresent() && bandwidth.getAsLong() < 1024) {
      throw new IllegalArgumentException("a bandwidth below 1 KiB/s would never finish");
    }
  }

  public static MigrationRequest to(PodName pod, String host) {
    return new MigrationRequest(
        pod,
        host,
        DEFAULT_PORT,
        DEFAULT_TIMEOUT,
        OptionalLong.empty(),
        MemoryOptions.DEFAULT,
        false,
        false,
        false);
  }
}
