package io.podkit.cli.console;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.HostReport;
import java.io.PrintWriter;
import java.util.Locale;

/** A host as {@code pod doctor} shows it: a line for each check, then the cures. */
public final class HostTable {
  private HostTable() {}

  public static void print(PrintWriter out, HostReport report) {
    Table table = new Table("CHECK", "RESULT", "FOUND");
    for (HostCheck check : report.checks()) {
      table.row(check.subject(), result(check.level()), check.finding());
    }
    table.print(out);
    for (HostCheck check : report.checks()) {
      if (check.cure() != null) {
        out.println();
        out.println(Text.line(check.subject()) + ":");
        Text.printable(check.cure()).lines().forEach(line -> out.println("  " + line));
      }
    }
    out.println();
    out.println(
        report.canMigrate()
            ? "Pods can be migrated from and to this host."
            : "Pods cannot be migrated until what blocks is cured.");
  }

  private static String result(HostCheck.Level level) {
    return level == HostCheck.Level.BLOCKS ? "BLOCKS" : level.name().toLowerCase(Locale.ROOT);
  }
}
