package io.podkit.cli.console;

import io.podkit.core.api.AnnotationRule;
import io.podkit.core.api.HookStatus;
import java.io.PrintWriter;
import java.util.stream.Collectors;

/** The hook as {@code pod hook status} shows it. */
public final class HookTable {
  private HookTable() {}

  public static void print(PrintWriter out, HookStatus status) {
    CheckLines.print(out, status.checks());
    out.println();
    out.println(Text.line(verdict(status)));
  }

  private static String verdict(HookStatus status) {
    if (!status.works()) {
      return "Containers are not noted: " + status.file();
    }
    String which =
        status.annotations().stream()
            .map(AnnotationRule::toString)
            .collect(Collectors.joining(" and "));
    return (which.isEmpty() ? "All containers" : "Containers annotated " + which)
        + " are noted in "
        + status.notes();
  }
}
