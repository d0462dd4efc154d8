package io.podkit.cli.console;

import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.RemoteMemory;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Pods as {@code pod ps} shows them. */
public final class PodTable {
  private static final int COMMAND_WIDTH = 30;

  private PodTable() {}

  /**
   * Prints one line for each pod.
   *
   * @param now what "up 3 minutes" is counted from
   * @param inFull whether long commands are shown to their end
   */
  public static void print(PrintWriter out, List<PodStatus> pods, Instant now, boolean inFull) {
    Table table = new Table("NAME", "IMAGE", "COMMAND", "STATE", "ADDRESS");
    for (PodStatus pod : pods) {
      String command = Text.line(String.join(" ", pod.spec().command()));
      NetworkAddress address = pod.address();
      table.row(
          pod.name().value(),
          pod.spec().source().toString(),
          inFull ? command : Text.cut(command, COMMAND_WIDTH),
          state(pod, now),
          address == null ? "" : address.ipv4());
    }
    table.print(out);
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
