package io.podkit.migrate.engine;

import io.podkit.core.api.FillingPod;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.error.PodkitException;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.memory.fill.Filler;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.Asked;
import io.podkit.migrate.transport.ChannelGate;
import io.podkit.migrate.transport.ChannelGates;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.resource.UndoStack;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A pod that runs here without all of its memory, and has lost the host that has the rest: that
 * host is back. Runs on the thread of its conversation.
 */
final class ResumedFilling implements RemoteFilling.Ending, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofDays(1);

  private final ControlChannel control;
  private final Journal journal;
  private final Clock clock;
  private final JournalEntry entry;
  private final FillingPod pod;
  private final UndoStack open;
  private final ExecutorService threads = Executors.newCachedThreadPool(ResumedFilling::thread);
  private @Nullable RemoteFilling filling;

  private ResumedFilling(
      ControlChannel control,
      Journal journal,
      Clock clock,
      JournalEntry entry,
      FillingPod pod,
      UndoStack open) {
    this.control = control;
    this.journal = journal;
    this.clock = clock;
    this.entry = entry;
    this.pod = pod;
    this.open = open;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "migrate-resumed-data");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Takes the pod up again, and the source's channels.
   *
   * @throws PodkitException CONFLICT if the pod wants nothing, or somebody is at it already
   */
  static ResumedFilling begin(
      ControlChannel control,
      ChannelGates gates,
      PodRuntime runtime,
      Journal journal,
      Clock clock,
      Asked asked)
      throws PodkitException {
    Control.Resume request = (Control.Resume) asked.message();
    JournalEntry entry = entry(control, journal, request);
    UndoStack open = new UndoStack("stop fetching the memory of pod " + entry.pod());
    try {
      FillingPod pod = runtime.arrivals().resume(new PodName(entry.pod()), entry.migration());
      open.push("let go of it", pod::close);
      ChannelGate gate = gates.open(request.migration(), control, request.dataChannels());
      open.push("close its data channels", gate::close);
      ResumedFilling resumed = new ResumedFilling(control, journal, clock, entry, pod, open);
      control.answer(asked, new Control.Prepared(gate.token(), request.dataChannels()));
      resumed.receive(gate, request.dataChannels());
      return resumed;
    } catch (PodkitException e) {
      open.close();
      throw e;
    }
  }

  /** Only the host that the pod came from has its memory. */
  private static JournalEntry entry(ControlChannel control, Journal journal, Control.Resume request)
      throws PodkitException {
    JournalEntry entry =
        journal
            .find(request.migration().hex())
            .filter(found -> found.role() == JournalEntry.Role.TARGET)
            .filter(found -> found.peerHost().equals(control.peer().toString()))
            .orElse(null);
    if (entry == null || entry.state() != MigrationState.FILLING) {
      throw PodkitException.conflict(
          "no pod here waits for memory by migration " + request.migration().hex());
    }
    return entry;
  }

  private void receive(ChannelGate gate, int count) throws PodkitException {
    List<DataChannel> channels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      channels.add(gate.accept(CONNECT));
    }
    channels.sort(Comparator.comparingInt(DataChannel::index));
    Filler filler = Filler.connect(pod.scratch(Filler.DIRECTORY));
    open.push("let go of the filler", filler::close);
    RemoteFilling begun =
        RemoteFilling.begin(pod.scratch(Filler.DIRECTORY), filler, channels, this);
    filling = begun;
    open.push("stop fetching", begun::close);
    open.push("stop receiving", this::stopReceiving);
    control.onEnd(() -> begun.hangUp(PodkitException.peer("the link to the source is lost", null)));
    filler.go(); // its first agent may have died before it said so
    channels.forEach(channel -> threads.execute(() -> serve(channel, begun)));
    begun.fetchTheRest();
  }

  private void serve(DataChannel channel, RemoteFilling to) {
    try {
      while (true) {
        Frame frame = channel.receive(SILENCE);
        if (!(frame.message() instanceof Bulk.PageBatch batch)) {
          throw channel.unexpected(frame);
        }
        to.take(channel, batch);
      }
    } catch (PodkitException e) {
      if (!SourceEnded.orderly(e)) {
        channel.fail(e);
        failed(e);
      }
    }
  }

  @Override
  public void complete() throws PodkitException {
    pod.complete();
    journal.write(entry.in(MigrationState.RUNNING, clock.instant()));
  }

  @Override
  public void failed(PodkitException reason) {
    control.fail(reason);
  }

  /**
   * Waits until all of the pod's memory is in place, and tells the source.
   *
   * @param asked the source's request to be told
   */
  void awaitFilled(Asked asked) throws PodkitException {
    control.answer(asked, await());
  }

  private Control.Filled await() throws PodkitException {
    if (filling == null) {
      throw PodkitException.internal("nothing is being fetched", null);
    }
    Control.Filled filled = filling.await();
    pod.filled();
    return filled;
  }

  private void stopReceiving() throws PodkitException, InterruptedException {
    threads.shutdownNow();
    if (!threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
      throw PodkitException.timeout("the threads that receive memory go on");
    }
  }

  @Override
  public void close() throws PodkitException {
    if (filling != null && filling.isComplete()) {
      open.push("wait for its memory", this::await); // whether or not the source asks
    }
    open.close();
  }
}
