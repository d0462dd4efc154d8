package io.podkit.migrate.evacuation;

import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.AwayPod;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationOrder.Purpose;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.EvacuationStatus.State;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.MigrationReport;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.api.PodMove.Step;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.host.OwnMarks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run of one evacuation, on one thread: plans, begins moves, and looks at each pod whose move
 * has ended. It decides from what the host itself says of a pod, never from what a move said of
 * itself, and writes down every step before the next; so whoever takes it up after a crash goes on.
 */
final class EvacuationRun {
  /** How often it looks whether it was cancelled, and shows how far it is. */
  private static final Duration TICK = Duration.ofMillis(200);

  /** Between two looks at a pod that is not in our hands: its agent may be at it, too. */
  private static final Duration REST = Duration.ofSeconds(2);

  /** So long is waited for pods in doubt and in others' hands, once nothing else is to be done. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** So many at a time at most, unless the user wants more. */
  private static final int MOST = 16;

  private static final Logger LOG = LoggerFactory.getLogger(EvacuationRun.class);

  private final PodRuntime runtime;
  private final EvacuationFiles files;
  private final EvacuationOrder order;
  private final EvacuationStatus first;
  private final EvacuationPlan plan;
  private final Recovery recovery;
  private final OwnMarks marks;
  private final Clock clock;
  private final Board board;
  private final Flights flights;
  private final Map<String, KnownHost> targets = new HashMap<>();
  private @Nullable Instant looked;
  private @Nullable Instant idle;
  private boolean stale = true;

  /**
   * A run that goes on from {@code first}.
   *
   * @param maker makes the migrations
   */
  EvacuationRun(
      PodRuntime runtime,
      EvacuationFiles files,
      EvacuationOrder order,
      EvacuationStatus first,
      EvacuationPlan plan,
      Flights.Maker maker,
      Recovery recovery,
      OwnMarks marks,
      Clock clock) {
    this.runtime = runtime;
    this.files = files;
    this.order = order;
    this.first = first;
    this.plan = plan;
    this.recovery = recovery;
    this.marks = marks;
    this.clock = clock;
    board = new Board(first.pods());
    flights = new Flights(maker, most(order));
    order.targets().forEach(target -> targets.put(target.name(), target));
  }

  /** More than it has processors would make each of their pods stand still longer. */
  private static int most(EvacuationOrder order) {
    int links = Flights.PER_LINK * order.targets().size();
    int served = Math.min(MOST, Runtime.getRuntime().availableProcessors());
    return order.maxParallel() > 0 ? order.maxParallel() : Math.min(links, served);
  }

  /**
   * Returns when it is over; the end is written down. If it throws, the moves under way have ended
   * and nobody has looked at them: whoever takes it up will.
   */
  void run() throws PodkitException {
    try {
      steer();
    } finally {
      flights.cancel(); // there are none but after a failure
      while (!flights.isEmpty()) {
        flights.next(TICK);
      }
    }
  }

  private void steer() throws PodkitException {
    takeUp();
    State end = null;
    while (end == null) {
      boolean cancelled = files.isCancelled();
      boolean late = isLate();
      if (cancelled || late) {
        flights.cancel();
        end = flights.isEmpty() ? cancelled ? State.CANCELLED : State.TIMED_OUT : null;
      } else {
        end = advance();
      }
      if (end == null) {
        Flight.Landed landed = flights.next(TICK);
        if (landed != null) {
          land(landed, cancelled || late);
        }
        if (board.takeChanged() || !flights.isEmpty()) {
          show();
        }
      }
    }
    close(end);
  }

  /** Only for those who watch: that they see nothing is no reason to end. */
  private void show() {
    try {
      files.show(status(State.RUNNING));
    } catch (PodkitException e) {
      LOG.warn("how far it is cannot be shown: {}", e.getMessage());
    }
  }

  /** Pods that were on their way when our predecessor died. */
  private void takeUp() throws PodkitException {
    for (PodMove move : board.pods()) {
      KnownHost target = targets.get(move.target());
      if (move.step() == Step.MOVING && target != null) {
        PodState state = state(move.pod());
        if (state == null) {
          moved(move.pod(), target, null);
        } else if (state.isDeparting()) {
          plan.inDoubt(move.pod(), target);
        } // else the plan says what becomes of it
      }
    }
  }

  /** Plans and begins what can be; returns how it ended if nothing is left to be done. */
  private @Nullable State advance() throws PodkitException {
    if (stale) {
      replan();
    }
    for (PodMove move : board.pods()) {
      if (move.step() == Step.WAITING && flights.hasRoom(move.target())) {
        begin(move);
      }
    }
    if (!flights.isEmpty() || board.has(Step.WAITING)) {
      idle = null;
      return null;
    }
    return settle();
  }

  /** Nothing moves: looks again for pods that came meanwhile or are in others' hands. */
  private @Nullable State settle() throws PodkitException {
    Instant now = clock.instant();
    if (idle == null) {
      idle = now;
    }
    if (looked != null && now.isBefore(looked.plus(REST)) && plan.hasBusy()) {
      return null;
    }
    for (String pod : plan.busy()) {
      recover(pod);
    }
    replan();
    if (board.has(Step.WAITING)) {
      return null;
    }
    if (plan.hasBusy() && now.isBefore(idle.plus(PATIENCE))) {
      return null;
    }
    return board.has(Step.LEFT) ? State.LEFT : State.DONE;
  }

  private void replan() throws PodkitException {
    board.plan(plan.make(flights.targets(), this::isMoved));
    stale = false;
    looked = clock.instant();
    files.write(status(State.RUNNING));
  }

  private boolean isMoved(String pod) {
    PodMove known = board.find(pod);
    return known != null && known.step() == Step.MOVED;
  }

  private void begin(PodMove move) throws PodkitException {
    KnownHost target = Objects.requireNonNull(targets.get(move.target()), "planned target");
    board.put(move.begun(target.name()));
    files.write(status(State.RUNNING)); // before it moves: a successor has to know where it may be
    LOG.info("pod {} goes to {}: {}", move.pod(), target.name(), move.reason());
    try {
      flights.begin(move.pod(), target, timeout(), board.follow(move.pod()));
    } catch (PodkitException e) {
      judge(move.pod(), target, null, e, false);
    }
  }

  private Duration timeout() {
    Duration most = MigrationRequest.DEFAULT_TIMEOUT;
    if (order.deadline().isZero()) {
      return most;
    }
    Duration left = Duration.between(clock.instant(), deadline());
    return left.compareTo(Duration.ofMillis(100)) < 0
        ? Duration.ofMillis(100)
        : left.compareTo(most) < 0 ? left : most;
  }

  private Instant deadline() {
    return Instant.parse(first.began()).plus(order.deadline());
  }

  private boolean isLate() {
    return !order.deadline().isZero() && clock.instant().isAfter(deadline());
  }

  private void land(Flight.Landed landed, boolean ending) throws PodkitException {
    Flight flight = landed.flight();
    judge(flight.pod(), flight.target(), landed.report(), landed.failure(), ending || isLate());
    files.write(status(State.RUNNING));
  }

  private void judge(
      String pod,
      KnownHost target,
      @Nullable MigrationReport report,
      @Nullable PodkitException failure,
      boolean ending)
      throws PodkitException {
    String why = failure == null ? "" : failure.what();
    String cure = failure == null || failure.hint() == null ? "" : failure.hint().text();
    Verdict verdict = Verdict.of(state(pod), failure, ending);
    LOG.info("pod {} to {}: {} {}", pod, target.name(), verdict, why);
    switch (verdict) {
      case MOVED -> moved(pod, target, report);
      case ELSEWHERE -> {
        plan.failed(pod, target.name(), why);
        board.change(pod, move -> move.at(Step.LEFT, why, cure));
        stale = true;
      }
      case AGAIN -> {
        plan.busy(pod, why, cure);
        board.change(pod, move -> move.at(Step.LEFT, why, cure));
      }
      case GIVEN_UP -> board.change(pod, move -> move.at(Step.LEFT, why, cure));
      case IN_DOUBT -> {
        plan.inDoubt(pod, target);
        board.change(pod, move -> move.at(Step.LEFT, why, "pod recover " + pod));
      }
      case ENDED -> board.change(pod, move -> move.at(Step.STAYS, "it has ended", ""));
    }
  }

  private void moved(String pod, KnownHost target, @Nullable MigrationReport report)
      throws PodkitException {
    if (order.purpose() == Purpose.EVACUATE) {
      marks.left(new AwayPod(pod, target));
    }
    board.change(
        pod,
        move -> {
          PodMove there = move.at(Step.MOVED, move.reason(), "");
          return report == null
              ? there
              : there.timed(millis(report.frozen()), millis(report.total()));
        });
  }

  private static double millis(@Nullable Duration duration) {
    return duration == null ? -1 : duration.toNanos() / 1e6;
  }

  /** What became of a pod that a migration left in doubt, or that another process is at. */
  private void recover(String pod) throws PodkitException {
    KnownHost target = plan.doubtful(pod);
    if (target == null) {
      plan.idle(pod);
      return;
    }
    try {
      recovery.recover(new PodName(pod), null);
    } catch (PodkitException e) {
      LOG.warn("pod {} cannot be recovered yet: {}", pod, e.getMessage());
    }
    PodState state = state(pod);
    if (state == null) {
      plan.idle(pod);
      moved(pod, target, null);
    } else if (!state.isDeparting()) {
      plan.idle(pod);
    }
  }

  private @Nullable PodState state(String pod) throws PodkitException {
    try {
      PodStatus status = runtime.pods().status(new PodName(pod));
      return status.state();
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.MOVED) {
        return null;
      }
      throw e;
    }
  }

  private void close(State end) throws PodkitException {
    for (PodMove move : board.pods()) {
      if (move.step() == Step.MOVING) {
        conclude(move);
      } else if (move.step() == Step.WAITING) {
        String why =
            end == State.TIMED_OUT
                ? "the deadline passed before its turn"
                : "the evacuation was cancelled before its turn";
        board.put(move.at(Step.LEFT, why, "repeat the evacuation"));
      }
    }
    boolean left = board.has(Step.LEFT);
    EvacuationStatus last = status(left ? end : State.DONE);
    files.write(last);
    LOG.info("{}: {} moved, {} left", last.state(), last.count(Step.MOVED), last.count(Step.LEFT));
  }

  /** A pod that was on its way when our predecessor died, and that nobody has looked at since. */
  private void conclude(PodMove move) throws PodkitException {
    KnownHost target = targets.get(move.target());
    PodState state = state(move.pod());
    if (state == null && target != null) {
      moved(move.pod(), target, null);
    } else if (state != null && state.isDeparting()) {
      String why = "it may belong to " + move.target() + " already";
      board.put(move.at(Step.LEFT, why, "pod recover " + move.pod()));
    } else {
      board.put(move.at(Step.LEFT, "its move broke off", "repeat the evacuation"));
    }
  }

  private EvacuationStatus status(State state) {
    return new EvacuationStatus(
        first.id(),
        first.host(),
        first.purpose(),
        state,
        first.began(),
        millis(Duration.between(Instant.parse(first.began()), clock.instant())),
        board.pods());
  }
}
