package io.podkit.cli.option;

import io.podkit.migrate.api.EvacuationOrder.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pods leave a host, and how. */
public final class EvacuationOptions {
  @Option(
      names = "--to",
      paramLabel = "HOST",
      split = ",",
      description = "Host that may take pods; may be repeated (default: the whole inventory).")
  public List<String> to = new ArrayList<>();

  @Option(
      names = "--max-parallel",
      paramLabel = "N",
      description =
          "Move at most so many pods at the same time (default: 2 for each target, but no more"
              + " than the host has processors).")
  public @Nullable Integer maxParallel;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      description = "What has not moved by then stays: 90, 30s, 10m.")
  public @Nullable String deadline;

  @Option(
      names = "--selector",
      paramLabel = "KEY[=VALUE]",
      split = ",",
      description = "Only pods with that label; may be repeated, all must match.")
  public List<String> selector = new ArrayList<>();

  @Option(
      names = "--order",
      paramLabel = "WHAT",
      description =
          "Which goes first: urgent (the default: by the label podkit.priority, then the largest),"
              + " smallest, largest or name.")
  public Sequence sequence = Sequence.URGENT;
}
