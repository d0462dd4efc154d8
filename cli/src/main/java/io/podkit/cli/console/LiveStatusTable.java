package io.podkit.cli.console;

import io.podkit.migrate.api.Estimate;
import io.podkit.migrate.api.LiveStatus;
import io.podkit.migrate.api.MemoryRound;
import java.io.PrintWriter;

/** How far a migration is, as {@code pod migration status} shows it. */
public final class LiveStatusTable {
  private LiveStatusTable() {}

  public static void print(PrintWriter out, LiveStatus status) {
    out.println(
        Text.line("pod " + status.pod() + " moves to " + status.target())
            + " by "
            + status.strategy().label());
    Table table = new Table("WHAT", "NOW");
    table.row("phase", status.phase().label());
    table.row("elapsed", Human.duration(status.elapsed()));
    table.row("sent", Human.bytes(status.bytesSent()));
    table.row(
        "bandwidth",
        status.bandwidth().isPresent() ? Human.rate(status.bandwidth().getAsLong()) : "unlimited");
    table.row("downtime limit", Human.duration(status.downtimeLimit()));
    MemoryRound round = status.round();
    if (round != null) {
      table.row("round", RoundText.of(round));
    }
    Estimate estimate = status.estimate();
    if (estimate != null) {
      table.row("expected", RoundText.of(estimate));
    }
    if (status.postCopyWanted()) {
      table.row("ordered", "switch to post-copy");
    }
    table.print(out);
  }
}
