package io.podkit.cli.console;

import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import java.io.PrintWriter;
import java.util.List;

/** The pods of several hosts, one a line. */
public final class HostPodsTable {
  private HostPodsTable() {}

  /**
   * Prints those of the hosts that have answered.
   *
   * @param all whether also pods that do not run
   */
  public static void print(PrintWriter out, List<HostAnswer> hosts, boolean all) {
    Table table = new Table("HOST", "NAME", "ID", "IMAGE", "STATE", "MEMORY", "ADDRESS");
    for (HostAnswer answer : hosts) {
      HostStatus status = answer.status();
      if (status != null) {
        for (HostPod pod : all ? status.pods() : status.runningPods()) {
          table.row(
              answer.host().name(),
              pod.name(),
              pod.id(),
              pod.source(),
              pod.state(),
              pod.running() ? Human.bytes(pod.memoryBytes()) : "-",
              pod.address().isEmpty() ? "-" : pod.address());
        }
      }
    }
    table.print(out);
  }
}
