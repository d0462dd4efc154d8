package io.podkit.migrate.engine;

import io.podkit.core.api.Arrival;
import io.podkit.core.api.HoldGate;
import io.podkit.core.api.PodProcess;
import io.podkit.criu.image.MemoryImage;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.fill.Filler;
import io.podkit.migrate.memory.fill.ObjectFill;
import io.podkit.migrate.memory.inventory.InventoryFile;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.store.FillIndex;
import io.podkit.migrate.memory.store.PageStore;
import io.podkit.migrate.memory.store.RestoreImages;
import io.podkit.migrate.memory.store.StoreDigests;
import io.podkit.migrate.memory.store.StoredPages;
import io.podkit.migrate.protocol.Control;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pod whose memory came in batches of pages: it is restored without most of it and runs at once,
 * while a helper of its own fills memory from what is here already. Unless memory follows, nothing
 * depends on the source any more when it runs.
 */
final class LazyArrival implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LazyArrival.class);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Arrival arrival;
  private final Path podInit;
  private final Path directory;
  private final PageStore store;
  private final UndoStack open = new UndoStack("fill a pod's memory");
  private @Nullable Filler filler;
  private volatile @Nullable RemoteFilling remote;
  private boolean runs;
  private long ranAt;
  private Control.@Nullable Filled filled;

  private LazyArrival(Arrival arrival, Path podInit, Path directory, PageStore store) {
    this.arrival = arrival;
    this.podInit = podInit;
    this.directory = directory;
    this.store = store;
  }

  /**
   * Room for the memory of a pod that is about to come.
   *
   * @param limit most bytes it may have
   */
  static LazyArrival prepare(Arrival arrival, Path podInit, long limit) throws PodkitException {
    Path directory = arrival.scratch(Filler.DIRECTORY);
    PageStore store = PageStore.create(directory, limit / 4096);
    LazyArrival prepared = new LazyArrival(arrival, podInit, directory, store);
    prepared.open.push("close the store", store::close);
    return prepared;
  }

  PageStore store() {
    return store;
  }

  /** Starts the helper, while there is time. */
  synchronized void warmUp() throws PodkitException {
    Filler started = Filler.start(podInit, directory, arrival.work());
    filler = started;
    open.push("let go of the filler", started::close);
    open.push("end the filler of a pod that never ran", () -> abandon(started));
  }

  private void abandon(Filler started) throws PodkitException {
    if (!runs) {
      started.abandon();
    }
  }

  private synchronized Filler filler() {
    if (filler == null) {
      throw new IllegalStateException("the filler was not started");
    }
    return filler;
  }

  /** Begins to fetch what is not here. */
  @FunctionalInterface
  interface Fetching {
    /** Fetches for the filler, whose files are in that directory. */
    RemoteFilling begin(Path directory, Filler filler) throws PodkitException;
  }

  /**
   * Restores the pod, asks {@code gate}, lets it run.
   *
   * @param fetching for memory that follows the pod; null if all of it has to be here
   * @throws PodkitException only if it was not let run
   */
  void restore(HoldGate gate, @Nullable Fetching fetching) throws PodkitException {
    StoredPages pages = store.pages();
    MemoryInventory inventory;
    try {
      inventory = InventoryFile.read(arrival.images());
      StoreDigests.verify(inventory, pages);
      List<MemoryInventory.OfProcess> later =
          RestoreImages.complete(arrival.images(), inventory, pages);
      FillIndex.Written written =
          FillIndex.write(directory, later, inventory.hot(), pages, fetching != null);
      if (fetching != null) {
        store.reserve(written.pages());
      }
    } catch (IOException e) {
      throw PodkitException.peer("the pod's memory cannot be put together: " + e.getMessage(), e);
    }
    filler().load();
    if (fetching != null) {
      // While it is built, too, the kernel touches memory of its tasks.
      RemoteFilling begun = fetching.begin(directory, filler());
      remote = begun;
      open.push("stop fetching memory", begun::close);
    }
    arrival.restoreLazily(
        () -> {
          fillObjects(inventory.objects(), pages);
          gate.held();
          runs = true;
          ranAt = System.nanoTime();
        });
    // Not before: filling would take processors and address spaces from what lets the pod run.
    beginFilling();
  }

  /** The pod runs: no failure may say otherwise. Left alone, the filler begins by itself. */
  private void beginFilling() {
    Filler running = filler();
    try {
      running.go();
    } catch (PodkitException e) {
      LOG.warn("pod {} runs; what fills its memory is left alone", arrival.name(), e);
      leaveAlone(running);
    }
  }

  /** The source knows that the pod runs: asks for memory that nobody waits for yet, too. */
  void fetchTheRest() {
    RemoteFilling fetching = remote;
    if (fetching != null) {
      fetching.fetchTheRest();
    }
  }

  private void leaveAlone(Filler running) {
    try {
      running.close();
    } catch (PodkitException e) {
      LOG.warn("cannot hang up on what fills the memory of pod {}", arrival.name(), e);
    }
  }

  private void fillObjects(List<MemoryInventory.OfObject> objects, StoredPages pages)
      throws PodkitException {
    List<PodProcess> processes = objects.isEmpty() ? List.of() : arrival.processes().list();
    for (MemoryInventory.OfObject object : objects) {
      PodProcess mapper =
          processes.stream()
              .filter(process -> process.podPid() == object.podPid())
              .findFirst()
              .orElseThrow(
                  () ->
                      PodkitException.peer(
                          "no process has the shared memory that came from the source", null));
      long memory = new MemoryImage(MemoryImage.Kind.SHARED, object.id()).encoded();
      ObjectFill.fill(mapper.pid(), object, memory, pages);
    }
  }

  /** Returns when all memory is in place, and gives back what it waited in. */
  synchronized Control.Filled awaitFilled() throws PodkitException {
    if (filled != null) {
      return filled;
    }
    FaultPoint.TARGET_FILLING.reach();
    Control.Filled done = awaitDone();
    arrival.filled();
    filled = done;
    return done;
  }

  private Control.Filled awaitDone() throws PodkitException {
    RemoteFilling fetching = remote;
    if (fetching != null) {
      return fetching.await();
    }
    Filler.Filled done = filler().awaitDone(PATIENCE);
    Duration time = Duration.ofNanos(System.nanoTime() - ranAt);
    return new Control.Filled(done.pages(), done.faults(), time, store.bytes());
  }

  @Override
  public void close() throws PodkitException {
    open.close();
  }
}
