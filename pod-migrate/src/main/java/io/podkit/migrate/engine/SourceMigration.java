package io.podkit.migrate.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.core.api.Departure;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.VolumeFate;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerStore;
import io.podkit.migrate.api.Migration;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.MigrationReport;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.api.TargetEngine;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.live.LiveSocket;
import io.podkit.migrate.memory.policy.AppliedThrottle;
import io.podkit.migrate.protocol.Capabilities;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.migrate.transport.AgentClient;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.resource.HostLock;
import io.podkit.resource.UndoStack;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The source side of one migration: the phases in their order, on the caller's thread. Until the
 * handover every exception leaves the pod running here, because closing the departure makes it so.
 */
public final class SourceMigration implements Migration {
  private static final Duration PREPARE = Duration.ofSeconds(30);
  private static final Duration FILL = Duration.ofMinutes(10);

  private final PodRuntime runtime;
  private final AgentClient client;
  private final Journal journal;
  private final MigrationRequest request;
  private final Clock clock;
  private final MigrationId id = MigrationId.random();
  private final CancelSwitch cancel = new CancelSwitch();
  private final LiveProgress progress;
  private final LiveKnobs knobs;
  private @Nullable MemoryMove memory;
  private @Nullable TreeSync files;
  private List<VolumeFate> volumes = List.of();
  private final AtomicLong layerBytes = new AtomicLong();
  private final AtomicLong fileBytes = new AtomicLong();
  private final AtomicLong memoryBytes = new AtomicLong();

  /** A migration that has not begun. */
  public SourceMigration(
      PodRuntime runtime,
      AgentClient client,
      Journal journal,
      MigrationRequest request,
      Clock clock) {
    this.runtime = runtime;
    this.client = client;
    this.journal = journal;
    this.request = request;
    this.clock = clock;
    progress = new LiveProgress(id, System::nanoTime);
    knobs = new LiveKnobs(request, this::cancel, progress);
  }

  @Override
  @CanIgnoreReturnValue
  public boolean cancel() {
    return cancel.cancel(
        PodkitException.cancelled(
            "the migration of pod " + request.pod() + " was cancelled; it runs on here"));
  }

  @Override
  public MigrationReport run(MigrationListener listener) throws PodkitException {
    PhaseClock phases = new PhaseClock(progress.before(listener), System::nanoTime);
    AgentAddress agent = new AgentAddress(request.host(), request.port(), null);
    try (Alarm alarm = Alarm.after(request.timeout(), this::timeOut)) {
      phases.enter(MigrationPhase.PREFLIGHT, 0);
      try (ControlChannel control = client.connect(agent)) {
        cancel.onCancel(control::abort);
        try (Departure departure = depart(control);
            MemoryMove chosen =
                MemoryMove.choose(request, departure, runtime.podInit(), control, phases);
            LiveSocket live = listen(phases)) {
          memory = chosen;
          knobs.chosen(chosen.strategy(), chosen.mayFollow());
          return move(departure, chosen, control, agent, phases);
        } catch (PodkitException e) {
          throw control.explain(memory == null ? e : memory.explain(e));
        }
      }
    } catch (PodkitException e) {
      throw cancel.explain(e);
    }
  }

  private Departure depart(ControlChannel control) throws PodkitException {
    if (request.engine() == TargetEngine.POD) {
      return runtime.departures().begin(request.pod(), id.hex());
    }
    if (!control.capabilities().contains(Capabilities.PODMAN)) {
      throw PodkitException.unsupported(
          control.peer() + " does not know how to give a container to podman",
          new Hint("update Podkit there, or move it as a pod: without --engine podman"));
    }
    return runtime.departures().beginForEngine(request.pod(), id.hex());
  }

  /** That nobody can give orders to a migration is no reason not to make it: null then. */
  private @Nullable LiveSocket listen(PhaseClock phases) {
    try {
      return LiveSocket.open(runtime.dirs().run(), request.pod(), knobs);
    } catch (PodkitException e) {
      phases.notice("it takes no orders while it runs: " + e.what());
      return null;
    }
  }

  private void timeOut() {
    cancel.cancel(
        PodkitException.of(
            ErrorKind.TIMEOUT,
            "the migration of pod "
                + request.pod()
                + " took longer than "
                + request.timeout().toSeconds()
                + " s; it runs on here",
            new Hint("allow more with --timeout")));
  }

  private MigrationReport move(
      Departure departure,
      MemoryMove moving,
      ControlChannel control,
      AgentAddress agent,
      PhaseClock phases)
      throws PodkitException {
    FaultPoint.SOURCE_PREFLIGHT.reach();
    SourcePreflight.Result checked =
        new SourcePreflight(runtime, control)
            .run(departure, id, request.replaceVolumes(), request.force());
    volumes = checked.volumes();
    if (request.dryRun()) {
      phases.finish();
      return report(phases);
    }
    note(agent, MigrationState.PREPARING);
    Control.Prepared prepared =
        control.ask(
            new Control.Prepare(
                id,
                checked.podRecord(),
                SourceLink.FILE_CHANNELS + moving.channels(),
                moving.inBatches(),
                checked.volumes()),
            PREPARE);
    FaultPoint.SOURCE_PREPARED.reach();
    try (SourceLink link = SourceLink.open(client, agent, control, id, prepared, knobs.limiter())) {
      cancel.onCancel(link::abort);
      transfer(departure, moving, link, agent, checked, phases);
    }
    note(agent, MigrationState.RUNNING);
    phases.finish();
    return report(phases);
  }

  private void transfer(
      Departure departure,
      MemoryMove moving,
      SourceLink link,
      AgentAddress agent,
      SourcePreflight.Result checked,
      PhaseClock phases)
      throws PodkitException {
    phases.enter(MigrationPhase.SYNC_LAYERS, checked.missingBytes());
    LayerStore layers = runtime.fileSystem().layers();
    new LayerTransfer(link, layers, cancel, phases, layers(phases))
        .send(checked.layers(), checked.missing());
    cancel.check();
    FaultPoint.SOURCE_LAYERS.reach();

    phases.enter(MigrationPhase.SYNC_FILES, 0);
    List<PodTree> travelling = new ArrayList<>(departure.trees());
    travelling.addAll(departure.take(checked.volumes()));
    try (TreeSync trees =
        new TreeSync(
            runtime.fileSystem().trees(),
            travelling,
            () -> departure.mappedFiles(travelling),
            link.files(),
            files(phases))) {
      files = trees;
      trees.pass();
      FaultPoint.SOURCE_FILES.reach();
      cancel.check();
      try (HostLock turn = LinkTurn.take(runtime.dirs().run(), agent, cancel, phases)) {
        preCopy(departure, moving, link, trees, phases);
        freeze(departure, moving, link, trees, agent, turn, phases);
      }
    }
    phases.enter(MigrationPhase.RELEASE, 0);
    release(departure, agent);
    if (moving.inBatches() && !moving.followed()) {
      phases.enter(MigrationPhase.FILL, 0);
      awaitFilled(moving, link, phases);
    }
  }

  private void preCopy(
      Departure departure, MemoryMove moving, SourceLink link, TreeSync trees, PhaseClock phases)
      throws PodkitException {
    if (!moving.inBatches()) {
      if (trees.isBehind()) {
        trees.settle(cancel);
      }
      return;
    }
    phases.enter(MigrationPhase.PRE_COPY, departure.memoryBytes());
    AppliedThrottle throttle = new AppliedThrottle(departure.throttle());
    try (UndoStack undo = new UndoStack("send memory while the pod runs")) {
      undo.push("let the pod run at full speed", throttle::close);
      moving.preCopy(link, throttle, knobs, cancel, memory(phases));
      FaultPoint.SOURCE_ROUNDS.reach();
      phases.enter(MigrationPhase.SYNC_FILES, 0);
      trees.settle(cancel); // what changed meanwhile need not be sent while the pod stands still
      // It stays on until the dump lifts every limit: or the pod would write all the more till
      // then.
      undo.commit();
    }
  }

  /** The pod runs on the target whatever comes of this. */
  private static void awaitFilled(MemoryMove moving, SourceLink link, PhaseClock phases) {
    try {
      moving.filled(link.control().ask(new Control.AwaitFilled(), FILL));
    } catch (PodkitException e) {
      phases.notice("the pod runs there; when its memory was complete is not known: " + e.what());
    }
  }

  private LongConsumer memory(PhaseClock phases) {
    return count -> {
      memoryBytes.addAndGet(count);
      phases.sent(count);
    };
  }

  private void freeze(
      Departure departure,
      MemoryMove moving,
      SourceLink link,
      TreeSync trees,
      AgentAddress agent,
      HostLock turn,
      PhaseClock phases)
      throws PodkitException {
    try (FrozenTransfer frozen =
        new FrozenTransfer(
            runtime,
            link,
            trees,
            id,
            phases,
            memoryBytes,
            (scratch, sent) -> moving.carrier(link, scratch, sent))) {
      cancel.check();

      phases.enter(MigrationPhase.FREEZE, 0);
      DoubtResolver doubt = DoubtResolver.asking(client, agent, id, request.pod().value());
      Handover.Noted noted = () -> note(agent, MigrationState.OWNED);
      Handover handover = new Handover(departure, link, cancel, doubt, noted);
      Lending.Borrower borrower =
          new Lending.Borrower(
              request.pod().value(),
              link.all().size(),
              request.memory().compression(),
              knobs.limiter());
      FrozenHandover.Lenders lenders =
          () -> new Lending(client, agent, id, borrower, departure.processes(), memory(phases));
      FrozenHandover steps =
          new FrozenHandover(departure, link, frozen, handover, moving, lenders, turn, phases);
      freezeAndHandOver(departure, frozen, steps, phases);
    }
  }

  private void release(Departure departure, AgentAddress agent) throws PodkitException {
    try {
      FaultPoint.SOURCE_RELEASE.reach();
      departure.release();
    } catch (PodkitException e) {
      throw e.during(
              "pod "
                  + request.pod()
                  + " runs on "
                  + agent
                  + " now, but what is left of it here could not be removed")
          .withHint(new Hint("pod recover " + request.pod()));
    }
  }

  /**
   * Returns when the target has the pod and all of it; from then on no failure here may bring it
   * back.
   */
  private static void freezeAndHandOver(
      Departure departure, FrozenTransfer frozen, FrozenHandover steps, PhaseClock phases)
      throws PodkitException {
    try {
      departure.dump(frozen.images(), frozen.memory(), steps);
    } catch (PodkitException e) {
      if (!steps.isOver()) {
        throw e.kind() == ErrorKind.CRIU ? frozen.explain(e) : e;
      }
      phases.notice("CRIU could not end the pod's processes here, Podkit does: " + e.what());
    }
  }

  private LongConsumer layers(PhaseClock phases) {
    return count -> {
      layerBytes.addAndGet(count);
      phases.sent(count);
    };
  }

  private LongConsumer files(PhaseClock phases) {
    return count -> {
      fileBytes.addAndGet(count);
      phases.sent(count);
    };
  }

  private void note(AgentAddress agent, MigrationState state) throws PodkitException {
    journal.write(
        new JournalEntry(
            JournalEntry.SCHEMA_VERSION,
            id.hex(),
            JournalEntry.Role.SOURCE,
            request.pod().value(),
            agent.host(),
            agent.port(),
            state,
            clock.instant()));
  }

  private MigrationReport report(PhaseClock phases) {
    @Nullable Duration frozen = phases.frozenFor();
    return new MigrationReport(
        id.hex(),
        request.pod(),
        request.host(),
        memory == null ? Strategy.AUTO.label() : memory.strategy().label(),
        request.dryRun(),
        phases.phases(),
        frozen,
        phases.now(),
        layerBytes.get(),
        fileBytes.get(),
        files == null ? List.of() : files.passes(),
        memoryBytes.get(),
        memory == null || request.dryRun() ? null : memory.report(),
        volumes);
  }
}
