package io.podkit.cli.console;

import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.api.PodMove.Step;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evacuation, or its plan: a line for each pod, then what is left and why. */
public final class EvacuationTable {
  private EvacuationTable() {}

  public static void print(PrintWriter out, EvacuationStatus status) {
    lines(status).forEach(out::println);
    for (PodMove pod : status.pods()) {
      if (pod.step() == Step.LEFT) {
        out.println();
        out.println(Text.line("pod " + pod.pod() + " is left: " + pod.reason()));
        if (!pod.cure().isEmpty()) {
          out.println(Text.line("  cure: " + pod.cure()));
        }
      }
    }
    out.flush();
  }

  /** The table without its end, to be drawn again and again. */
  public static List<String> lines(EvacuationStatus status) {
    List<String> lines = new ArrayList<>();
    lines.add(Text.line(heading(status)));
    if (status.pods().isEmpty()) {
      return lines;
    }
    boolean plan = status.state() == EvacuationStatus.State.PLANNED;
    Table table =
        plan
            ? new Table("POD", "TARGET", "WHY")
            : new Table("POD", "STEP", "TARGET", "PHASE", "ROUND", "PAUSE", "TIME", "TRIES");
    for (PodMove pod : status.pods()) {
      String target = pod.target().isEmpty() ? "-" : pod.target();
      if (plan) {
        table.row(pod.pod(), target, pod.step() == Step.LEFT ? "left, see below" : pod.reason());
      } else {
        table.row(
            pod.pod(),
            pod.step().name().toLowerCase(Locale.ROOT),
            target,
            pod.phase().isEmpty() ? "-" : pod.phase(),
            pod.round() == 0 ? "-" : Integer.toString(pod.round()),
            time(pod.pauseMs()),
            time(pod.totalMs()),
            Integer.toString(pod.attempts()));
      }
    }
    lines.addAll(table.lines());
    return lines;
  }

  private static String heading(EvacuationStatus status) {
    String what =
        switch (status.state()) {
          case PLANNED -> "would move";
          case RUNNING -> "moves";
          case INTERRUPTED -> "was interrupted while it moved";
          case DONE -> "has moved";
          case LEFT -> "could not move all of";
          case CANCELLED -> "was told to stop moving";
          case TIMED_OUT -> "was too late to move";
        };
    return "host %s %s its pods: %d moved, %d to go, %d left, %d stay"
        .formatted(
            status.host(),
            what,
            status.count(Step.MOVED),
            status.count(Step.WAITING) + status.count(Step.MOVING),
            status.count(Step.LEFT),
            status.count(Step.STAYS));
  }

  private static String time(double millis) {
    return millis < 0 ? "-" : Human.duration(Duration.ofNanos((long) (millis * 1e6)));
  }
}
