package io.podkit.cli.console;

import io.podkit.core.api.HostReport;
import java.io.PrintWriter;

/** A host as {@code pod doctor} shows it. */
public final class HostTable {
  private HostTable() {}

  public static void print(PrintWriter out, HostReport report) {
    CheckLines.print(out, report.checks());
    out.println();
    out.println(
        report.canMigrate()
            ? "Pods can be migrated from and to this host."
            : "Pods cannot be migrated until what blocks is cured.");
  }
}
