package io.podkit.cli.console;

import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckReport;
import io.podkit.migrate.api.DirtyPoint;
import io.podkit.migrate.api.StrategyPrediction;
import java.io.PrintWriter;
import java.util.Objects;

/** What a move would be like, as {@code pod check} shows it. */
public final class CheckTable {
  private CheckTable() {}

  public static void print(PrintWriter out, CheckReport report) {
    say(
        out,
        "pod "
            + report.pod()
            + " has "
            + Human.bytes(report.memoryBytes())
            + " to move; tracked by "
            + report.tracker()
            + ": "
            + report.trackerReason());
    if (!report.dirtied().isEmpty()) {
      dirtied(out, report);
    }
    if (report.linkBytesPerSecond().isPresent()) {
      say(
          out,
          "link to "
              + report.target()
              + ": "
              + Human.rate(report.linkBytesPerSecond().getAsLong()));
    }
    if (!report.predictions().isEmpty() || !report.impossible().isEmpty()) {
      out.println();
      predictions(out, report);
    }
    if (!report.volumes().isEmpty()) {
      out.println();
      VolumeFateTable.print(out, report.volumes());
    }
    out.println();
    blockers(out, report);
    say(
        out,
        report.auto() == null
            ? report.autoReason()
            : "auto takes " + report.auto().label() + ": " + report.autoReason());
  }

  private static void dirtied(PrintWriter out, CheckReport report) {
    StringBuilder line = new StringBuilder("dirtied:");
    String separator = " ";
    for (DirtyPoint point : report.dirtied()) {
      line.append(separator)
          .append(Human.bytes(point.bytes()))
          .append(" in ")
          .append(Human.duration(point.interval()));
      separator = ", ";
    }
    say(out, line.toString());
  }

  private static void predictions(PrintWriter out, CheckReport report) {
    Table table = new Table("STRATEGY", "ROUNDS", "PAUSE", "TOTAL", "LIMITS", "WHY");
    for (StrategyPrediction prediction : report.predictions()) {
      table.row(
          prediction.strategy().label(),
          Integer.toString(prediction.rounds()),
          Human.duration(prediction.pause()),
          Human.duration(prediction.total()),
          prediction.withinLimits() ? "kept" : "broken",
          prediction.reason());
    }
    for (CheckReport.Impossible impossible : report.impossible()) {
      table.row(impossible.strategy().label(), "", "", "", "", impossible.reason());
    }
    table.print(out);
  }

  private static void blockers(PrintWriter out, CheckReport report) {
    if (report.movable()) {
      out.println("Nothing is in the way.");
      return;
    }
    Table table = new Table("IN THE WAY", "PID", "PATH", "WHY", "CURE");
    for (Blocker blocker : report.blockers()) {
      table.row(
          blocker.what(),
          blocker.pid().isPresent() ? Long.toString(blocker.pid().getAsLong()) : "",
          Objects.requireNonNullElse(blocker.path(), ""),
          blocker.reason(),
          Objects.requireNonNullElse(blocker.cure(), "none"));
    }
    table.print(out);
  }

  private static void say(PrintWriter out, String line) {
    out.println(Text.line(line));
  }
}
