package io.podkit.migrate.engine;

import io.podkit.core.api.Arrival;
import io.podkit.core.api.FillingPod;
import io.podkit.core.api.HoldGate;
import io.podkit.core.api.PodRuntime;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.StagingName;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.memory.fill.Filler;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.Asked;
import io.podkit.migrate.transport.ChannelGate;
import io.podkit.migrate.transport.ChannelGates;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.resource.UndoStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One pod coming in: reserved, filled through data channels, restored and held, and then either
 * owned or erased. Runs on the thread of its conversation; data channels have threads of their own,
 * whose failure ends the conversation.
 */
final class TargetMigration implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);

  /** From the pod's being held to the grant: the source only has to write one record. */
  private static final Duration GRANT = Duration.ofSeconds(60);

  /** Their channels are closed and they are interrupted: what they do now is short. */
  private static final Duration STOP = Duration.ofSeconds(30);

  private final ControlChannel control;
  private final Journal journal;
  private final Clock clock;
  private final Arrival arrival;
  private final ChannelGate gate;
  private final IncomingData data;
  private final int channels;
  private final @Nullable LazyArrival lazy;
  private final ExecutorService threads;
  private final UndoStack open = new UndoStack("receive a pod");
  private final AtomicReference<@Nullable PodkitException> failure = new AtomicReference<>();
  private final CountDownLatch warm = new CountDownLatch(1);
  private final List<DataChannel> connected = new CopyOnWriteArrayList<>();
  private @Nullable FillingPod borrowed;
  private boolean fetched;
  private JournalEntry entry;

  private TargetMigration(
      ControlChannel control,
      Journal journal,
      Clock clock,
      JournalEntry entry,
      Arrival arrival,
      ChannelGate gate,
      IncomingData data,
      int channels,
      @Nullable LazyArrival lazy) {
    this.control = control;
    this.journal = journal;
    this.clock = clock;
    this.entry = entry;
    this.arrival = arrival;
    this.gate = gate;
    this.data = data;
    this.channels = channels;
    this.lazy = lazy;
    threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "migrate-" + arrival.name() + "-data");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Reserves the pod's name and makes its directories; on failure nothing is left. */
  static TargetMigration prepare(
      ControlChannel control,
      ChannelGates gates,
      PodRuntime runtime,
      Journal journal,
      Clock clock,
      Control.Prepare request)
      throws PodkitException {
    byte[] podRecord = request.podRecord().getBytes(StandardCharsets.UTF_8);
    String migration = request.migration().hex();
    if (journal.find(migration).isPresent()) {
      throw PodkitException.conflict("migration " + migration + " took place already");
    }
    var pod = runtime.arrivals().read(podRecord);
    Set<LayerDigest> layers = new HashSet<>();
    pod.layers().forEach(text -> layers.add(LayerDigest.parse(text)));
    JournalEntry entry =
        new JournalEntry(
            JournalEntry.SCHEMA_VERSION,
            migration,
            JournalEntry.Role.TARGET,
            pod.name().value(),
            control.peer().toString(),
            0,
            MigrationState.PREPARING,
            clock.instant());
    try (UndoStack undo = new UndoStack("prepare for pod " + pod.name())) {
      Arrival arrival = runtime.arrivals().prepare(podRecord, migration, request.volumes());
      undo.push("erase it", arrival::close);
      // Under the pod's lock: whoever gets the lock finds this migration's last word.
      journal.write(entry);
      undo.push(
          "note that it was given up",
          () -> journal.write(entry.in(MigrationState.ABORTED, clock.instant())));
      runtime.fileSystem().layers().reserve(layers, new StagingName(pod.name().value()));
      ChannelGate gate = gates.open(request.migration(), control, request.dataChannels());
      undo.push("close its data channels", gate::close);
      LazyArrival lazy = request.pageBatches() ? lazily(runtime, arrival) : null;
      if (lazy != null) {
        undo.push("close the store of its memory", lazy::close);
      }
      IncomingData data =
          new IncomingData(
              arrival, runtime.fileSystem(), layers, lazy == null ? null : lazy.store());
      int channels = request.dataChannels();
      TargetMigration prepared =
          new TargetMigration(control, journal, clock, entry, arrival, gate, data, channels, lazy);
      prepared.open.push("let go of its memory", () -> prepared.letGo());
      prepared.open.push("erase it", arrival::close);
      prepared.open.push("note that it was given up", () -> prepared.giveUp());
      if (lazy != null) {
        prepared.open.push("stop filling its memory", lazy::close);
      }
      prepared.open.push("forget its data", data::close);
      prepared.open.push("stop receiving", () -> prepared.stopReceiving());
      prepared.open.push("close its data channels", gate::close);
      undo.commit();
      return prepared;
    }
  }

  private static LazyArrival lazily(PodRuntime runtime, Arrival arrival) throws PodkitException {
    long available = runtime.host().facts().memoryAvailableBytes();
    return LazyArrival.prepare(arrival, runtime.podInit(), available);
  }

  /**
   * Begins to take data and tells the source so; returns at once.
   *
   * @param asked the source's request to prepare
   */
  void receive(Asked asked) throws PodkitException {
    FaultPoint.TARGET_PREPARED.reach();
    threads.execute(
        () -> {
          try {
            for (int i = 0; i < channels; i++) {
              DataChannel channel = gate.accept(CONNECT);
              connected.add(channel);
              threads.execute(() -> serve(channel));
            }
            // While the source still runs the pod there is time for what would be slow in the
            // freeze.
            arrival.warmUp();
            if (lazy != null) {
              lazy.warmUp();
            }
          } catch (PodkitException e) {
            fail(e);
          } finally {
            warm.countDown();
          }
        });
    control.answer(asked, new Control.Prepared(gate.token(), channels));
  }

  /** Whoever still writes would put files where they are just being removed. */
  private void stopReceiving() throws PodkitException, InterruptedException {
    threads.shutdownNow();
    if (!threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
      throw PodkitException.timeout("the threads that receive pod " + arrival.name() + " go on");
    }
  }

  private void serve(DataChannel channel) {
    try {
      data.serve(channel);
    } catch (PodkitException e) {
      if (!SourceEnded.orderly(e)) {
        channel.fail(e);
        fail(e);
      }
    }
  }

  /**
   * Ends the conversation and tells the source why. Only the first time: what fails afterwards
   * fails because of it.
   */
  void fail(PodkitException e) {
    if (failure.compareAndSet(null, e)) {
      control.fail(e);
    }
  }

  /**
   * Restores the pod, tells the source that it is held, and lets it run once it is granted.
   *
   * @param asked the source's request to restore
   */
  void restore(Asked asked) throws PodkitException {
    awaitWarmUp();
    PodkitException broken = failure.get();
    if (broken != null) {
      throw broken;
    }
    data.complete();
    FaultPoint.TARGET_COMPLETE.reach();
    Future<?> stored = threads.submit(this::store);
    AtomicReference<@Nullable Asked> grant = new AtomicReference<>();
    boolean follows = ((Control.Restore) asked.message()).memoryFollows();
    HoldGate gate =
        () -> {
          await(stored);
          grant.set(hold(asked, follows));
          FaultPoint.TARGET_BEFORE_RESUME.reach();
        };
    if (lazy == null) {
      if (follows) {
        throw PodkitException.peer("the source wants to keep memory that it sent", null);
      }
      arrival.restore(gate);
    } else {
      lazy.restore(gate, follows ? this::fetch : null);
    }
    noteRunning(follows);
    FaultPoint.TARGET_RUNNING_RECORDED.reach();
    Asked granted = grant.get();
    if (granted == null) {
      throw PodkitException.internal("pod " + arrival.name() + " ran without a grant", null);
    }
    FaultPoint.TARGET_BEFORE_COMMITTED.reach();
    control.answer(granted, new Control.Committed());
    arrival.close(); // the pod is an ordinary one from now on
    if (lazy != null) {
      lazy.fetchTheRest();
    }
  }

  /** Its memory may have come already, all of it: then RUNNING was noted, which is to stay. */
  private synchronized void noteRunning(boolean follows) throws PodkitException {
    if (entry.state() != MigrationState.RUNNING) {
      note(follows && !fetched ? MigrationState.FILLING : MigrationState.RUNNING);
    }
  }

  private RemoteFilling fetch(Path directory, Filler filler) throws PodkitException {
    List<DataChannel> channels = new ArrayList<>(connected);
    channels.sort(Comparator.comparingInt(DataChannel::index));
    RemoteFilling.Ending ending =
        new RemoteFilling.Ending() {
          @Override
          public void complete() throws PodkitException {
            allFetched();
          }

          @Override
          public void failed(PodkitException reason) {
            fail(reason);
          }
        };
    RemoteFilling filling = RemoteFilling.begin(directory, filler, channels, ending);
    data.follow(filling);
    control.onEnd(
        () -> filling.hangUp(PodkitException.peer("the link to the source is lost", null)));
    return filling;
  }

  private synchronized void allFetched() throws PodkitException {
    fetched = true;
    FillingPod pod = borrowed;
    if (pod != null) {
      pod.complete();
    }
    if (entry.state() == MigrationState.FILLING) {
      note(MigrationState.RUNNING);
    }
  }

  /**
   * Waits until all of the pod's memory is in place, and tells the source.
   *
   * @param asked the source's request to be told
   */
  void awaitFilled(Asked asked) throws PodkitException {
    if (lazy == null || !runs()) {
      throw control.unexpected(asked);
    }
    control.answer(asked, lazy.awaitFilled());
  }

  private @Nullable Void store() throws PodkitException {
    data.sync();
    return null;
  }

  private void await(Future<?> stored) throws PodkitException {
    try {
      stored.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the migration was interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PodkitException reason
          ? reason
          : PodkitException.internal("storing pod " + arrival.name() + " failed", e.getCause());
    }
  }

  /** Doing the same twice at once would take longer than waiting for the one that is under way. */
  private void awaitWarmUp() throws PodkitException {
    try {
      if (!warm.await(CONNECT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw PodkitException.timeout("preparing for pod " + arrival.name() + " takes too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the migration was interrupted");
    }
  }

  /** Every instruction of the pod is still to come; it runs when this returns. */
  private Asked hold(Asked asked, boolean follows) throws PodkitException {
    FaultPoint.TARGET_HELD.reach();
    control.answer(asked, new Control.Restored(List.of()));
    Asked next = control.receive(GRANT);
    if (!(next.message() instanceof Control.Grant)) {
      if (next.message() instanceof Control.Abort abort) {
        throw PodkitException.of(ErrorKind.CANCELLED, "the source gave up: " + abort.reason());
      }
      throw control.unexpected(next);
    }
    if (follows) {
      borrowed = arrival.borrow(control.peer().toString());
    }
    note(MigrationState.OWNED);
    FaultPoint.TARGET_OWNED_RECORDED.reach();
    return next;
  }

  private synchronized boolean runs() {
    return entry.state() == MigrationState.RUNNING || entry.state() == MigrationState.FILLING;
  }

  private synchronized void note(MigrationState state) throws PodkitException {
    entry = entry.in(state, clock.instant());
    journal.write(entry);
  }

  private void giveUp() throws PodkitException {
    if (!runs()) {
      note(MigrationState.ABORTED);
    }
  }

  private void letGo() throws PodkitException {
    if (borrowed != null) {
      borrowed.close();
    }
  }

  /** Erases the pod unless it runs here. */
  @Override
  public void close() throws PodkitException {
    // The threads that are stopped now have nothing to tell the source.
    failure.compareAndSet(null, PodkitException.cancelled("the migration is over"));
    synchronized (this) {
      if (lazy != null && entry.state() == MigrationState.RUNNING) {
        open.push("wait for its memory", lazy::awaitFilled); // whether or not the source asks
      }
    }
    open.close();
  }
}
