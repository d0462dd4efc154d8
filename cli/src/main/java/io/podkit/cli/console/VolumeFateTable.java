package io.podkit.cli.console;

import io.podkit.core.api.VolumeFate;
import java.io.PrintWriter;
import java.util.List;

/** What becomes of a pod's volumes when it moves; prints nothing if it has none. */
final class VolumeFateTable {
  private VolumeFateTable() {}

  static void print(PrintWriter out, List<VolumeFate> volumes) {
    if (volumes.isEmpty()) {
      return;
    }
    Table table = new Table("VOLUME", "ACTION", "SIZE", "WHY");
    for (VolumeFate volume : volumes) {
      table.row(
          volume.offer().destination(),
          action(volume.kind()),
          volume.travels() ? Human.bytes(volume.offer().bytes()) : "",
          volume.reason());
    }
    table.print(out);
  }

  private static String action(VolumeFate.Kind kind) {
    return switch (kind) {
      case SHARED -> "shared";
      case EQUAL -> "equal";
      case COPY -> "copied";
      case REPLACE -> "replaced";
      case REFUSED -> "refused";
      case MEASURE, COMPARE -> "unknown";
    };
  }
}
