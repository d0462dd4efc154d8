package io.podkit.cli.console;

import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.RemoteMemory;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Pods as {@code pod ps} shows them; a column for engines only where one has a container. */
public final class PodTable {
  private static final int COMMAND_WIDTH = 30;

  private PodTable() {}

  /**
   * Prints one line for each pod.
   *
   * @param now what "up 3 minutes" is counted from
   * @param inFull whether long commands are shown to their end, and the ports, too
   */
  public static void print(PrintWriter out, List<PodStatus> pods, Instant now, boolean inFull) {
    boolean adopted = pods.stream().anyMatch(pod -> pod.container() != null);
    Table table = new Table(headings(inFull, adopted));
    for (PodStatus pod : pods) {
      String command = Text.line(String.join(" ", pod.spec().command()));
      NetworkAddress address = pod.address();
      List<String> row = new ArrayList<>();
      row.add(pod.name().value());
      row.add(pod.spec().source().toString());
      row.add(inFull ? command : Text.cut(command, COMMAND_WIDTH));
      row.add(state(pod, now));
      row.add(address == null ? "" : address.ipv4());
      if (inFull) {
        row.add(Text.line(String.join(", ", pod.spec().exposedPorts())));
      }
      if (adopted) {
        row.add(pod.container() == null ? "" : pod.container().engine());
      }
      table.row(row.toArray(String[]::new));
    }
    table.print(out);
  }

  private static String[] headings(boolean inFull, boolean adopted) {
    List<String> headings =
        new ArrayList<>(List.of("NAME", "IMAGE", "COMMAND", "STATE", "ADDRESS"));
    if (inFull) {
      headings.add("PORTS");
    }
    if (adopted) {
      headings.add("ENGINE");
    }
    return headings.toArray(String[]::new);
  }

  /** Where a pod stands, in a few words. */
  static String state(PodStatus pod, Instant now) {
    return switch (pod.state()) {
      case CREATED -> "Created";
      case RUNNING -> running(pod, now);
      case EXITED ->
          "Exited (" + (pod.exitCode().isPresent() ? pod.exitCode().getAsInt() : "?") + ")";
      case CHECKPOINTED -> "Checkpointed";
      case LEAVING -> "Leaving";
      case IN_DOUBT -> "In doubt";
      case SERVING -> "Serving memory";
      case ARRIVING -> "Arriving";
    };
  }

  private static String running(PodStatus pod, Instant now) {
    RemoteMemory remote = pod.remoteMemory();
    if (remote == null) {
      return "Up" + since(pod, now);
    }
    return remote.connected()
        ? "Up" + since(pod, now) + ", filling from " + remote.source()
        : "Blocked: memory on " + remote.source();
  }

  private static String since(PodStatus pod, Instant now) {
    Instant started = pod.started();
    return started == null ? "" : " " + Human.span(Duration.between(started, now));
  }
}
