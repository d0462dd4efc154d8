package io.podkit.cli.console;

import io.podkit.migrate.api.MigrationReport;
import java.io.PrintWriter;
import java.time.Duration;

/** What a migration cost, as {@code pod migrate} shows it. */
public final class MigrationTable {
  private MigrationTable() {}

  public static void print(PrintWriter out, MigrationReport report) {
    out.println(headline(report));
    Table table = new Table("PHASE", "TIME", "SENT", "RATE", "POD");
    for (MigrationReport.PhaseTime phase : report.phases()) {
      table.row(
          phase.phase().label(),
          Human.duration(phase.took()),
          phase.bytes() == 0 ? "" : Human.bytes(phase.bytes()),
          rate(phase.bytes(), phase.took()),
          phase.phase().podRuns() ? "runs" : "frozen");
    }
    table.row(
        "total",
        Human.duration(report.total()),
        Human.bytes(report.bytesSent()),
        report.bytesSent() == 0 ? "" : Human.rate(report.throughput()),
        "");
    table.print(out);
    VolumeFateTable.print(out, report.volumes());
    if (report.memory() != null) {
      MemoryTable.print(out, report.memory());
    }
  }

  private static String headline(MigrationReport report) {
    String what = "pod " + report.pod() + (report.dryRun() ? " can move to " : " moved to ");
    Duration frozen = report.frozen();
    return Text.line(what + report.target())
        + (frozen == null ? "" : ", frozen " + Human.duration(frozen));
  }

  private static String rate(long bytes, Duration took) {
    return bytes == 0 || took.isZero() ? "" : Human.rate(bytes * 1e9 / took.toNanos());
  }
}
