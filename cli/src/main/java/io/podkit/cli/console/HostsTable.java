package io.podkit.cli.console;

import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.KnownHost;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Hosts, one a line. */
public final class HostsTable {
  private HostsTable() {}

  public static void print(PrintWriter out, List<HostAnswer> hosts) {
    Table table =
        new Table("HOST", "ADDRESS", "STATE", "PODS", "CPUS", "LOAD", "MEMORY", "DISK", "LABELS");
    for (HostAnswer answer : hosts) {
      KnownHost host = answer.host();
      String address = host.address() + ":" + host.port();
      HostStatus status = answer.status();
      if (status == null) {
        String state = answer.failure() == null ? "not asked" : "unreachable";
        table.row(host.name(), address, state, "-", "-", "-", "-", "-", "-");
      } else {
        table.row(
            host.name(),
            address,
            status.cordoned() ? "cordoned" : "ready",
            Integer.toString(status.runningPods().size()),
            Integer.toString(status.cpus()),
            Double.toString(status.load()),
            free(status.memoryAvailableBytes(), status.memoryBytes()),
            free(status.diskAvailableBytes(), status.diskBytes()),
            labels(status.labels()));
      }
    }
    table.print(out);
  }

  private static String free(long free, long all) {
    return Human.bytes(free) + " of " + Human.bytes(all) + " free";
  }

  private static String labels(Map<String, String> labels) {
    return labels.isEmpty()
        ? "-"
        : new TreeMap<>(labels)
            .entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
  }
}
