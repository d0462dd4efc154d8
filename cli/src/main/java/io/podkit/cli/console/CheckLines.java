package io.podkit.cli.console;

import io.podkit.core.api.HostCheck;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What was looked at: a line for each check, then the cures. */
final class CheckLines {
  private CheckLines() {}

  static void print(PrintWriter out, List<HostCheck> checks) {
    Table table = new Table("CHECK", "RESULT", "FOUND");
    for (HostCheck check : checks) {
      table.row(check.subject(), result(check.level()), check.finding());
    }
    table.print(out);
    for (HostCheck check : checks) {
      if (check.cure() != null) {
        out.println();
        out.println(Text.line(check.subject()) + ":");
        Text.printable(check.cure()).lines().forEach(line -> out.println("  " + line));
      }
    }
  }

  private static String result(HostCheck.Level level) {
    return level == HostCheck.Level.BLOCKS ? "BLOCKS" : level.name().toLowerCase(Locale.ROOT);
  }
}
