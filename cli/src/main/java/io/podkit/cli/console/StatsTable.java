package io.podkit.cli.console;

import io.podkit.core.api.PodStats;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** What pods use, as {@code pod stats} shows it. */
public final class StatsTable {
  /** Cursor to the upper left corner, clear from there: nothing scrolls. */
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";

  private StatsTable() {}

  /**
   * Prints one sample.
   *
   * @param overPrevious whether it takes the place of what the terminal shows
   */
  public static void print(PrintWriter out, List<PodStats> sample, boolean overPrevious) {
    Table table = new Table("NAME", "CPU %", "MEMORY / LIMIT", "MEM %", "PIDS", "NET IN / OUT");
    for (PodStats pod : sample) {
      table.row(
          pod.name().value(),
          percent(pod.cpuPercent()),
          Human.bytes(pod.memoryBytes()) + " / " + limit(pod.memoryLimit()),
          share(pod.memoryBytes(), pod.memoryLimit()),
          pod.pids() + (pod.pidsLimit().isPresent() ? " / " + pod.pidsLimit().getAsLong() : ""),
          Human.bytes(pod.netReceivedBytes()) + " / " + Human.bytes(pod.netSentBytes()));
    }
    if (overPrevious) {
      out.print(HOME_AND_CLEAR);
    }
    table.print(out);
  }

  private static String limit(OptionalLong limit) {
    return limit.isPresent() ? Human.bytes(limit.getAsLong()) : "none";
  }

  private static String share(long part, OptionalLong whole) {
    return whole.isPresent() ? percent(100.0 * part / whole.getAsLong()) : "-";
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
