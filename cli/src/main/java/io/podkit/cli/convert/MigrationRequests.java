package io.podkit.cli.convert;

import io.podkit.cli.option.MemoryChoices;
import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.TargetEngine;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Makes a {@link MigrationRequest} of what was typed. */
public final class MigrationRequests {
  private MigrationRequests() {}

  /**
   * The migration that was asked for.
   *
   * @param target {@code HOST[:PORT]}
   * @throws PodkitException USAGE, naming what is wrong
   */
  public static MigrationRequest of(
      String pod,
      String target,
      @Nullable String timeout,
      @Nullable String bandwidth,
      MemoryChoices memory,
      boolean dryRun,
      boolean replaceVolumes,
      boolean force,
      TargetEngine engine)
      throws PodkitException {
    PodName name = Typed.pod(pod);
    Endpoint endpoint =
        Typed.value("host", target, text -> Endpoint.parse(text, MigrationRequest.DEFAULT_PORT));
    Duration limit =
        timeout == null
            ? MigrationRequest.DEFAULT_TIMEOUT
            : Typed.value("--timeout", timeout, TimeSpan::parse);
    OptionalLong rate =
        bandwidth == null
            ? OptionalLong.empty()
            : OptionalLong.of(Typed.value("--bandwidth", bandwidth, ByteSize::parseRate));
    MemoryOptions options = memory(memory);
    String host = Objects.requireNonNullElse(endpoint.host(), "");
    return Typed.combined(
        () ->
            new MigrationRequest(
                name,
                host,
                endpoint.port(),
                limit,
                rate,
                options,
                dryRun,
                replaceVolumes,
                force,
                engine));
  }

  static MemoryOptions memory(MemoryChoices typed) throws PodkitException {
    Duration downtime =
        typed.downtimeLimit == null
            ? MemoryOptions.DEFAULT_DOWNTIME_LIMIT
            : Typed.value("--downtime-limit", typed.downtimeLimit, TimeSpan::parse);
    int rounds = Objects.requireNonNullElse(typed.maxRounds, MemoryOptions.DEFAULT_MAX_ROUNDS);
    OptionalInt channels =
        typed.channels == null ? OptionalInt.empty() : OptionalInt.of(typed.channels);
    return Typed.combined(
        () ->
            new MemoryOptions(
                typed.strategy,
                downtime,
                rounds,
                typed.autoConverge,
                channels,
                typed.compression,
                typed.verify));
  }
}
