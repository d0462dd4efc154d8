package io.podkit.cli.option;

import io.podkit.migrate.api.Compression;
import io.podkit.migrate.api.Strategy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a pod's memory is to travel, as typed. */
public final class MemoryChoices {
  @Option(
      names = "--strategy",
      paramLabel = "HOW",
      description = "auto (the default), stop-copy, pre-copy, post-copy or hybrid.")
  public Strategy strategy = Strategy.AUTO;

  @Option(
      names = "--downtime-limit",
      paramLabel = "TIME",
      description =
          "Longest time for the last dirty pages to travel while it stands still (default 200ms).")
  public @Nullable String downtimeLimit;

  @Option(
      names = "--max-rounds",
      paramLabel = "N",
      description = "Most rounds while it runs (default 12).")
  public @Nullable Integer maxRounds;

  @Option(
      names = "--auto-converge",
      description = "Slow it down if it writes faster than its memory travels.")
  public boolean autoConverge;

  @Option(
      names = "--channels",
      paramLabel = "N",
      description = "Connections for memory (default: as measured).")
  public @Nullable Integer channels;

  @Option(
      names = "--compress",
      paramLabel = "HOW",
      description = "auto (the default), none, lz4 or zstd.")
  public Compression compression = Compression.AUTO;

  @Option(
      names = "--verify",
      description = "Read all frozen memory again and compare it before the target owns the pod.")
  public boolean verify;

  /** Whether anything was typed that is not what holds anyway. */
  public boolean isGiven() {
    return strategy != Strategy.AUTO
        || downtimeLimit != null
        || maxRounds != null
        || autoConverge
        || channels != null
        || compression != Compression.AUTO
        || verify;
  }
}
