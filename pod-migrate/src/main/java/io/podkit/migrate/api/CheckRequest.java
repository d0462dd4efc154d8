package io.podkit.migrate.api;

import io.podkit.core.api.PodName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything a user says about one check.
 *
 * @param pod the pod to look at; it runs on
 * @param host name or address of the target, or null to look at the pod alone
 * @param port port of the target's agent
 * @param time how long to measure
 * @param memory what a migration would be asked for; its strategy does not matter
 * @param replaceVolumes whether other content at the places of its volumes would give way
 */
public record CheckRequest(
    PodName pod,
    @Nullable String host,
    int port,
    Duration time,
    MemoryOptions memory,
    boolean replaceVolumes) {
  public static final Duration DEFAULT_TIME = Duration.ofSeconds(3);
  public static final Duration SHORTEST = Duration.ofMillis(100);
  public static final Duration LONGEST = Duration.ofMinutes(5);

  public CheckRequest {
    if ((host != null && host.isBlank()) || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "'" + host + ":" + port + "' is not a target: write HOST or HOST:PORT");
    }
    if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("measure for 100 ms to 5 minutes");
    }
  }
}
