package io.podkit.migrate.engine;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.fill.Filler;
import io.podkit.migrate.memory.store.RemotePages;
import io.podkit.migrate.memory.transfer.BatchDecoder;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.resource.UndoStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Fetches the memory of a pod that runs here, or is about to, from the host it came from. The first
 * channel is for pages that somebody waits for, which so overtake the others; those keep a few
 * requests under way each. It can be left at any time: what is missing is known to the filler and
 * its index, and another one goes on.
 */
final class RemoteFilling implements AutoCloseable {
  /** Requests on each background channel: what a fault's answer shares the link with at most. */
  private static final int UNDER_WAY = 4;

  private static final Duration STOP = Duration.ofSeconds(10);

  private final Filler filler;
  private final RemotePages pages;
  private final List<DataChannel> channels;
  private final Ending ending;
  private final AtomicBoolean complete = new AtomicBoolean();
  private final CompletableFuture<Control.Filled> filled = new CompletableFuture<>();
  private final long began = System.nanoTime();
  private volatile boolean running;
  private final UndoStack open = new UndoStack("stop fetching memory");

  /** What its owner has to know. */
  interface Ending {
    /** Nothing is missing any more, or nobody is left to miss it: called once. */
    void complete() throws PodkitException;

    /** Why nothing can be fetched any more. */
    void failed(PodkitException reason);
  }

  private RemoteFilling(
      Filler filler, RemotePages pages, List<DataChannel> channels, Ending ending) {
    this.filler = filler;
    this.pages = pages;
    this.channels = channels;
    this.ending = ending;
  }

  /**
   * Begins to fetch.
   *
   * @param directory the filler's, which has loaded what is there
   * @param channels their messages are handed to {@link #take} by whoever receives on them
   */
  static RemoteFilling begin(
      Path directory, Filler filler, List<DataChannel> channels, Ending ending)
      throws PodkitException {
    RemotePages pages = RemotePages.open(directory, filler::here);
    RemoteFilling filling = new RemoteFilling(filler, pages, channels, ending);
    filling.open.push("close the store of its memory", pages::close);
    Thread listener = new Thread(filling::listen, "migrate-faults");
    listener.setDaemon(true);
    listener.start();
    filling.open.push("stop listening to the filler", () -> stop(listener));
    return filling;
  }

  private static void stop(Thread thread) throws PodkitException {
    thread.interrupt();
    try {
      thread.join(STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the wait for a thread was interrupted");
    }
    if (thread.isAlive()) {
      throw PodkitException.timeout("the thread that waits for faults goes on");
    }
  }

  private void listen() {
    try {
      Filler.Filled done = filler.follow(this::want);
      completeOnce();
      pages.discard();
      Duration time = Duration.ofNanos(System.nanoTime() - began);
      filled.complete(new Control.Filled(done.pages(), done.faults(), time, 0));
    } catch (PodkitException e) {
      filled.completeExceptionally(e);
      if (!Thread.currentThread().isInterrupted()) {
        ending.failed(e); // else this is being closed, and whoever closes it knows why
      }
    }
  }

  /** Somebody waits for it. */
  private void want(long podPid, PageRun run) throws PodkitException {
    Bulk.PagesWanted wanted = pages.urgent(podPid, run);
    if (wanted != null) {
      channels.get(0).want(wanted);
    }
  }

  /**
   * The pod runs: asks for what nobody waits for yet, too. What fails here ends the conversation,
   * not the pod: the source calls again.
   */
  void fetchTheRest() {
    running = true;
    try {
      FaultPoint.TARGET_FETCHING.reach();
      for (DataChannel channel : background()) {
        for (int i = 0; i < UNDER_WAY; i++) {
          askForMore(channel);
        }
      }
      checkComplete();
    } catch (PodkitException e) {
      hangUp(e);
      ending.failed(e);
    }
  }

  private List<DataChannel> background() {
    return channels.size() == 1 ? channels : channels.subList(1, channels.size());
  }

  private void askForMore(DataChannel channel) throws PodkitException {
    Bulk.PagesWanted next = pages.next();
    if (next != null) {
      channel.want(next);
    }
  }

  /** A batch has come. Called by the thread that receives on that channel. */
  void take(DataChannel channel, Bulk.PageBatch batch) throws PodkitException {
    if (background().contains(channel)) {
      askForMore(channel);
    }
    new BatchDecoder(pages).take(batch);
    checkComplete();
  }

  private void checkComplete() throws PodkitException {
    if (running && pages.left() == 0) {
      completeOnce();
    }
  }

  private void completeOnce() throws PodkitException {
    if (complete.compareAndSet(false, true)) {
      ending.complete();
    }
  }

  /** Whether nothing is missing any more. */
  boolean isComplete() {
    return complete.get();
  }

  /** Returns when every page is in its place. */
  Control.Filled await() throws PodkitException {
    try {
      return filled.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the wait for the pod's memory was interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PodkitException reason
          ? reason
          : PodkitException.internal("fetching memory failed", e.getCause());
    }
  }

  /** The link is gone: whoever waits here for something that was to come over it need not. */
  void hangUp(PodkitException reason) {
    if (!isComplete()) {
      filled.completeExceptionally(reason);
    }
  }

  @Override
  public void close() throws PodkitException {
    open.close();
  }
}
