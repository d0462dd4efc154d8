package io.podkit.cli.console;

import io.podkit.migrate.api.MemoryReport;
import io.podkit.migrate.api.MemoryRound;
import java.io.PrintWriter;
import java.util.OptionalLong;

/** How a pod's memory travelled, beneath the phases of {@link MigrationTable}. */
final class MemoryTable {
  private MemoryTable() {}

  static void print(PrintWriter out, MemoryReport memory) {
    say(out, "memory by " + memory.strategy().label() + ": " + memory.strategyReason());
    say(out, "tracked by " + memory.tracker() + ": " + memory.trackerReason());
    if (!memory.rounds().isEmpty()) {
      out.println();
      rounds(out, memory);
      out.println();
    }
    for (MemoryReport.Decided decided : memory.decisions()) {
      say(out, Human.duration(decided.at()) + "  " + decided.decision() + ": " + decided.reason());
    }
    for (MemoryReport.Untracked untracked : memory.untracked()) {
      say(
          out,
          "untracked: "
              + Human.bytes(untracked.bytes())
              + " of "
              + untracked.what()
              + ", "
              + untracked.why());
    }
    say(
        out,
        "pages: "
            + memory.pages().sent()
            + " sent, "
            + memory.pages().zero()
            + " zero, "
            + memory.pages().referenced()
            + " known there; "
            + Human.bytes(memory.traffic().raw())
            + " as "
            + Human.bytes(memory.traffic().wire())
            + (memory.verified() ? "; verified" : ""));
    say(
        out,
        "peak extra memory: "
            + peak(memory.peakSource())
            + " here, "
            + peak(memory.peakTarget())
            + " there"
            + (memory.fill() == null
                ? ""
                : "; all of it mapped after " + Human.duration(memory.fill())));
  }

  private static void rounds(PrintWriter out, MemoryReport memory) {
    Table table = new Table("ROUND", "TIME", "SENT", "LINK", "DIRTIED", "DIRTY");
    for (MemoryRound round : memory.rounds()) {
      table.row(
          Integer.toString(round.number()),
          Human.duration(round.took()),
          Human.bytes(round.bytesSent()),
          Human.rate(round.throughputBytesPerSecond()),
          Human.rate(round.dirtyBytesPerSecond()),
          Human.bytes(round.dirtyBytes()));
    }
    table.print(out);
  }

  private static String peak(OptionalLong bytes) {
    return bytes.isPresent() ? Human.bytes(bytes.getAsLong()) : "not measured";
  }

  private static void say(PrintWriter out, String line) {
    out.println(Text.line(line));
  }
}
