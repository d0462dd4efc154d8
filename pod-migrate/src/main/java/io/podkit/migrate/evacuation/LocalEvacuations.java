package io.podkit.migrate.evacuation;

import io.podkit.core.api.PodRuntime;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationOrder.Purpose;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.EvacuationStatus.State;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.api.PodMove.Step;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.host.OwnMarks;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.process.Command;
import io.podkit.resource.HostLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The evacuation of this host: begun, told of and cancelled from any process, done in one of its
 * own. Thread-safe.
 */
public final class LocalEvacuations {
  /** A process that was started says so by then, on a host that is busy. */
  private static final int LOOKS = 3;

  private static final Duration START = Duration.ofSeconds(30);

  /** Redirects first: whoever starts it must not be waited for, and may go away. */
  private static final String DETACH = "exec \"$@\" </dev/null >>\"$0\" 2>&1";

  private final PodRuntime runtime;
  private final String host;
  private final EvacuationFiles files;
  private final EvacuationSurvey survey;
  private final Flights.Maker maker;
  private final Recovery recovery;
  private final OwnMarks marks;
  private final Clock clock;

  /** The evacuation of the host of that name. */
  LocalEvacuations(
      PodRuntime runtime,
      String host,
      EvacuationFiles files,
      EvacuationSurvey survey,
      Flights.Maker maker,
      Recovery recovery,
      OwnMarks marks,
      Clock clock) {
    this.runtime = runtime;
    this.host = host;
    this.files = files;
    this.survey = survey;
    this.maker = maker;
    this.recovery = recovery;
    this.marks = marks;
    this.clock = clock;
  }

  /** See {@link io.podkit.migrate.api.Evacuations#order}. */
  EvacuationStatus order(EvacuationOrder order) throws PodkitException {
    if (order.dryRun()) {
      return planned(order, State.PLANNED, "");
    }
    try (HostLock begin = files.begin()) {
      EvacuationStatus last = status();
      if (last.state() == State.INTERRUPTED) {
        start(); // it alone knows where its pods may be
        last = status();
      }
      if (last.state() == State.RUNNING) {
        return attach(order, last);
      }
      if (order.purpose() == Purpose.EVACUATE) {
        marks.change(HostMarks.cordon(true));
      }
      EvacuationStatus plan = planned(order, State.RUNNING, MigrationId.random().hex());
      if (plan.count(Step.WAITING) + plan.count(Step.MOVING) == 0) {
        plan = plan.in(plan.count(Step.LEFT) == 0 ? State.DONE : State.LEFT);
        files.write(order, plan);
        return plan;
      }
      files.write(order, plan);
      start();
      return status();
    }
  }

  private EvacuationStatus attach(EvacuationOrder order, EvacuationStatus running)
      throws PodkitException {
    if (running.purpose() != order.purpose()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "host " + host + " is moving pods for another purpose: " + running.purpose(),
          new Hint("wait for it, or pod host evacuate " + host + " --cancel"));
    }
    EvacuationOrder under = files.order().orElse(order);
    if (!under.concernsTheSameAs(order)) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "host " + host + " is moving pods already, others or to other hosts",
          new Hint("wait for it, or pod host evacuate " + host + " --cancel"));
    }
    return running;
  }

  private EvacuationStatus planned(EvacuationOrder order, State state, String id)
      throws PodkitException {
    Instant now = clock.instant();
    List<PodMove> pods = new EvacuationPlan(survey, order).make(Map.of(), pod -> false);
    return new EvacuationStatus(id, host, order.purpose(), state, now.toString(), 0, pods);
  }

  /** See {@link io.podkit.migrate.api.Evacuations#status}. */
  EvacuationStatus status() throws PodkitException {
    Optional<EvacuationStatus> written = files.status();
    if (written.isEmpty()) {
      return new EvacuationStatus("", host, Purpose.EVACUATE, State.PLANNED, "", 0, List.of());
    }
    EvacuationStatus last = written.get();
    if (last.state() != State.RUNNING) {
      return last;
    }
    if (isAtWork()) {
      return files.shown().filter(shown -> shown.id().equals(last.id())).orElse(last);
    }
    EvacuationStatus again = files.status().orElse(last); // it may have ended meanwhile
    return again.state() == State.RUNNING ? again.in(State.INTERRUPTED) : again;
  }

  /** Whether somebody holds the right to work, and not only for such a look as this. */
  private boolean isAtWork() throws PodkitException {
    for (int i = 0; i < LOOKS; i++) {
      try (HostLock free = files.tryWork()) {
        if (free != null) {
          return false;
        }
      }
      HostLock.pause("see whether the evacuation is under way");
    }
    return true;
  }

  /** See {@link io.podkit.migrate.api.Evacuations#cancel}. */
  EvacuationStatus cancel() throws PodkitException {
    EvacuationStatus now = status();
    if (now.state() == State.RUNNING) {
      files.cancel();
    } else if (now.state() == State.INTERRUPTED) {
      files.cancel();
      try (HostLock begin = files.begin()) {
        start(); // to see what became of the pods that were on their way
      }
      now = status();
    }
    return now;
  }

  /** Takes up what a crash has interrupted, in a process of its own; does nothing otherwise. */
  public void revive() throws PodkitException {
    try (HostLock begin = files.begin()) {
      if (status().state() == State.INTERRUPTED) {
        start();
      }
    }
  }

  private void start() throws PodkitException {
    List<String> pod = runtime.podCommand();
    if (pod.isEmpty()) {
      throw PodkitException.internal(
          "the pod command is not known, so nothing can be started", null);
    }
    Path log = files.log();
    try {
      Files.createDirectories(Objects.requireNonNull(log.getParent(), "directory of " + log));
    } catch (IOException e) {
      throw PodkitException.io("cannot make the directory of " + log, e);
    }
    List<String> words =
        new ArrayList<>(List.of("setsid", "--fork", "sh", "-c", DETACH, log.toString()));
    words.addAll(pod);
    words.addAll(List.of("host", "run-evacuation"));
    Command.of(words).runOrThrow("cannot start the evacuation of host " + host);
    awaitWork(log);
  }

  private void awaitWork(Path log) throws PodkitException {
    Instant latest = clock.instant().plus(START);
    while (status().state() == State.INTERRUPTED) {
      if (clock.instant().isAfter(latest)) {
        throw PodkitException.of(
            ErrorKind.TIMEOUT,
            "the process that moves the pods of host " + host + " did not begin",
            new Hint("see " + log));
      }
      HostLock.pause("see the evacuation begin");
    }
  }

  /** See {@link io.podkit.migrate.api.Evacuations#work}. */
  void work() throws PodkitException {
    try (HostLock lock = files.work()) {
      Optional<EvacuationOrder> order = files.order();
      Optional<EvacuationStatus> status = files.status();
      if (order.isEmpty() || status.isEmpty() || status.get().state() != State.RUNNING) {
        return;
      }
      EvacuationPlan plan = new EvacuationPlan(survey, order.get());
      new EvacuationRun(
              runtime, files, order.get(), status.get(), plan, maker, recovery, marks, clock)
          .run();
    }
  }
}
