package io.podkit.cli.command;

import io.podkit.cli.console.EvacuationTable;
import io.podkit.cli.console.Human;
import io.podkit.cli.console.Text;
import io.podkit.cli.context.Context;
import io.podkit.cli.terminal.SignalTrap;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.EvacuationStatus.State;
import io.podkit.migrate.api.Evacuations;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.api.PodMove.Step;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches an evacuation to its end, or until a signal says that it has been watched enough: on a
 * terminal a table that is drawn again and again, otherwise a line for each pod that has moved or
 * is left.
 */
final class EvacuationWatch {
  /** To ask another host costs both of them some processor time, which the pods could use. */
  private static final Duration REFRESH = Duration.ofMillis(700);

  /** So long a host may be silent, or its run interrupted: its agent takes it up meanwhile. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String UP = "\u001b[%dA\u001b[J";

  private final Context context;
  private final Evacuations evacuations;
  private final boolean live;
  private final Map<String, Step> told = new HashMap<>();
  private int drawn;

  /**
   * What was seen last.
   *
   * @param status how it was
   * @param ended whether it was over
   */
  record Seen(EvacuationStatus status, boolean ended) {}

  EvacuationWatch(Context context, Evacuations evacuations) {
    this.context = context;
    this.evacuations = evacuations;
    live = context.terminal().isError();
  }

  /** Returns when it has ended, or is not to be watched any more. */
  Seen follow(KnownHost host) throws PodkitException, InterruptedException {
    CountDownLatch enough = new CountDownLatch(1);
    try (SignalTrap interrupt = SignalTrap.install("INT", signal -> enough.countDown());
        SignalTrap terminate = SignalTrap.install("TERM", signal -> enough.countDown());
        SignalTrap hangUp = SignalTrap.install("HUP", signal -> enough.countDown())) {
      long silentSince = System.nanoTime();
      EvacuationStatus last = null;
      while (true) {
        PodkitException silence = null;
        try {
          last = evacuations.status(host);
        } catch (PodkitException e) {
          if (e.kind() != ErrorKind.PEER && e.kind() != ErrorKind.TIMEOUT) {
            throw e;
          }
          silence = e;
        }
        if (last != null && silence == null) {
          show(last);
          if (!last.state().isUnderWay()) {
            return new Seen(last, true);
          }
          if (last.state() == State.RUNNING) {
            silentSince = System.nanoTime();
          }
        }
        boolean asked = enough.await(REFRESH.toMillis(), TimeUnit.MILLISECONDS);
        if (last != null && (asked || isLong(silentSince))) {
          return new Seen(last, false);
        }
        if (silence != null && (asked || isLong(silentSince))) {
          throw silence;
        }
      }
    }
  }

  private static boolean isLong(long since) {
    return System.nanoTime() - since > PATIENCE.toNanos();
  }

  private void show(EvacuationStatus status) {
    PrintWriter err = context.err();
    if (live) {
      draw(err, EvacuationTable.lines(status));
      return;
    }
    for (PodMove pod : status.pods()) {
      boolean end = pod.step() == Step.MOVED || pod.step() == Step.LEFT;
      @Nullable Step before = told.put(pod.pod(), pod.step());
      if (end && before != pod.step()) {
        err.println(line(pod));
      }
    }
    err.flush();
  }

  private void draw(PrintWriter err, List<String> lines) {
    if (drawn > 0) {
      err.print(UP.formatted(drawn));
    }
    lines.forEach(err::println);
    err.flush();
    drawn = lines.size();
  }

  private static String line(PodMove pod) {
    return Text.line(
        pod.step() == Step.MOVED
            ? "pod " + pod.pod() + " runs on " + pod.target() + paused(pod)
            : "pod " + pod.pod() + " is left: " + pod.reason());
  }

  private static String paused(PodMove pod) {
    return pod.pauseMs() < 0
        ? ""
        : ", stood still for " + Human.duration(Duration.ofNanos((long) (pod.pauseMs() * 1e6)));
  }
}
