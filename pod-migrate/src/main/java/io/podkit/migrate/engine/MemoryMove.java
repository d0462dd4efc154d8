package io.podkit.migrate.engine;

import com.sun.management.OperatingSystemMXBean;
import io.podkit.core.api.Departure;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MemoryReport;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.memory.policy.Abilities;
import io.podkit.migrate.memory.policy.AppliedThrottle;
import io.podkit.migrate.memory.policy.Decision;
import io.podkit.migrate.memory.policy.StrategyChoice;
import io.podkit.migrate.memory.tracking.MemoryTracker;
import io.podkit.migrate.memory.tracking.TrackerChoice;
import io.podkit.migrate.memory.transfer.BatchSink;
import io.podkit.migrate.memory.transfer.PageCounts;
import io.podkit.migrate.memory.transfer.PageSender;
import io.podkit.migrate.protocol.Capabilities;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.PeerLostException;
import io.podkit.resource.UndoStack;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How the memory of one pod moves: what was chosen, what carries it, and what came of it. Closing
 * leaves nothing of the tracking in the pod.
 */
final class MemoryMove implements AutoCloseable {
  /** Measured: a third one gains nothing where two cores have to do for both ends. */
  static final int CHANNELS = 2;

  private final MemoryOptions options;
  private final Duration timeout;
  private final StrategyChoice choice;
  private final boolean mayFollow;
  private final TrackerChoice trackers;
  private final PhaseClock phases;
  private final HotPages hot = new HotPages();
  private @Nullable PageSender sender;
  private @Nullable PeakMemory peak;
  private Control.@Nullable Filled filled;
  private boolean follows;
  private PageCounts.@Nullable Snapshot after;

  private MemoryMove(
      MigrationRequest request,
      StrategyChoice choice,
      boolean mayFollow,
      TrackerChoice trackers,
      PhaseClock phases) {
    this.options = request.memory();
    this.timeout = request.timeout();
    this.choice = choice;
    this.mayFollow = mayFollow;
    this.trackers = trackers;
    this.phases = phases;
  }

  /**
   * Chooses.
   *
   * @throws PodkitException UNSUPPORTED if what was asked for cannot be done
   */
  static MemoryMove choose(
      MigrationRequest request,
      Departure departure,
      Path podInit,
      ControlChannel control,
      PhaseClock phases)
      throws PodkitException {
    boolean container = departure.pod().container() != null;
    if (container) {
      StrategyChoice.requireForContainer(request.memory().strategy());
    }
    TrackerChoice trackers = TrackerChoice.of(departure.processes(), podInit);
    MemoryTracker tracker = trackers.tracker();
    Abilities abilities =
        new Abilities(
            tracker == null ? Abilities.NO_TRACKER : tracker.name(),
            trackers.reason(),
            EnumSet.allOf(Abilities.Ability.class),
            announced(control.capabilities()),
            request.host());
    try (UndoStack undo = new UndoStack("choose how memory moves")) {
      if (tracker != null) {
        undo.push("stop tracking", tracker::close);
      }
      StrategyChoice choice = StrategyChoice.of(request.memory().strategy(), abilities);
      phases.decided(choice.strategy().label(), choice.reason());
      undo.commit();
      boolean mayFollow =
          StrategyChoice.isPossible(Strategy.HYBRID, abilities)
              && !request.memory().verify()
              && !container;
      return new MemoryMove(request, choice, mayFollow, trackers, phases);
    }
  }

  private static Set<Abilities.Ability> announced(Set<String> capabilities) {
    Set<Abilities.Ability> abilities = EnumSet.noneOf(Abilities.Ability.class);
    if (capabilities.contains(Capabilities.PAGE_BATCHES)) {
      abilities.add(Abilities.Ability.PAGE_ROUNDS);
    }
    if (capabilities.contains(Capabilities.FAULT_CHANNEL)) {
      abilities.add(Abilities.Ability.FAULT_CHANNEL);
    }
    return abilities;
  }

  /** Whether it could still turn to post-copy. */
  boolean mayFollow() {
    return mayFollow;
  }

  Strategy strategy() {
    return choice.strategy();
  }

  /**
   * Whether memory travels in batches of pages, which the target keeps until the pod wants them.
   */
  boolean inBatches() {
    return choice.strategy() != Strategy.STOP_COPY;
  }

  /** Data channels for memory. */
  int channels() {
    return inBatches() ? options.channels().orElse(CHANNELS) : 1;
  }

  /**
   * Sends memory while the pod runs, until the rest may be sent while it stands still. Nothing
   * happens unless memory travels in batches.
   */
  void preCopy(
      SourceLink link,
      AppliedThrottle throttle,
      LiveKnobs knobs,
      CancelSwitch cancel,
      LongConsumer sent)
      throws PodkitException {
    MemoryTracker tracker = trackers.tracker();
    if (!inBatches() || tracker == null) {
      return;
    }
    peak = PeakMemory.fromNow();
    PageSender lanes =
        new PageSender(
            link.memory().stream().map(BatchSink::over).toList(),
            options.compression(),
            MemoryMove::idle,
            sent,
            link::abort);
    sender = lanes;
    Decision end =
        new PreCopy(
                tracker,
                lanes,
                hot,
                throttle,
                knobs,
                cancel,
                phases,
                choice.strategy(),
                options,
                timeout)
            .run();
    follows = end instanceof Decision.SwitchToPostCopy;
  }

  /** The share of this host's processors that nobody uses. */
  static double idle() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? 1 - system.getCpuLoad()
        : 1;
  }

  /**
   * What carries the memory of the pod that stands still.
   *
   * @param scratch a directory in memory
   */
  MemoryCarrier carrier(SourceLink link, Path scratch, LongConsumer sent) throws PodkitException {
    MemoryTracker tracker = trackers.tracker();
    PageSender lanes = sender;
    if (lanes == null || tracker == null) {
      return RelayedMemory.over(link.memory().get(0), sent);
    }
    PagesLeftBehind behind =
        follows ? new PagesLeftBehind(lanes, !phases.rounds().isEmpty()) : null;
    return new TrackedMemory(
        tracker, lanes, scratch.resolve("page-filter"), hot, options.verify(), behind);
  }

  /** Why a connection was lost: whichever channel failed first cuts all the others. */
  PodkitException explain(PodkitException failure) {
    PodkitException first = sender == null ? null : sender.failure();
    if (first == null || first == failure || !PeerLostException.isReasonOf(failure)) {
      return failure;
    }
    first.addSuppressed(failure);
    return first;
  }

  /**
   * Memory followed the pod, and all of it is there.
   *
   * @param told what the target says; null if it said nothing any more
   * @param sent what it was sent then
   */
  void followed(Control.@Nullable Filled told, PageCounts sent) {
    filled = told;
    after = sent.snapshot();
  }

  /** Whether memory has followed the pod. */
  boolean followed() {
    return after != null;
  }

  /** The target has told what it did after the pod ran. */
  void filled(Control.Filled told) {
    filled = told;
  }

  /** What came of it. */
  MemoryReport report() {
    MemoryTracker tracker = trackers.tracker();
    PageCounts.Snapshot counts = counts(sender == null ? null : sender.counts().snapshot(), after);
    List<MemoryReport.Untracked> untracked =
        tracker == null || !inBatches()
            ? List.of()
            : tracker.untracked().stream()
                .map(kind -> new MemoryReport.Untracked(kind.what(), kind.bytes(), kind.why()))
                .toList();
    return new MemoryReport(
        choice.strategy(),
        choice.reason(),
        tracker == null || !inBatches() ? Abilities.NO_TRACKER : tracker.name(),
        inBatches() ? trackers.reason() : choice.strategy().label() + " needs none",
        phases.rounds(),
        phases.decisions(),
        untracked,
        new MemoryReport.Pages(counts.content(), counts.zero(), counts.referenced()),
        new MemoryReport.Traffic(counts.content() * PageRun.PAGE_SIZE, counts.wireBytes()),
        peak == null ? OptionalLong.empty() : peak.extra(),
        filled == null ? OptionalLong.empty() : OptionalLong.of(filled.storeBytes()),
        options.verify() && filled != null,
        filled == null ? null : filled.time());
  }

  private static PageCounts.Snapshot counts(
      PageCounts.@Nullable Snapshot before, PageCounts.@Nullable Snapshot after) {
    PageCounts.Snapshot none = new PageCounts.Snapshot(0, 0, 0, 0, 0);
    return (before == null ? none : before).plus(after == null ? none : after);
  }

  @Override
  public void close() throws PodkitException {
    try (UndoStack open = new UndoStack("end the move of memory")) {
      if (trackers.tracker() != null) {
        open.push("stop tracking", trackers.tracker()::close);
      }
      if (sender != null) {
        open.push("stop sending", sender::close);
      }
    }
  }
}
