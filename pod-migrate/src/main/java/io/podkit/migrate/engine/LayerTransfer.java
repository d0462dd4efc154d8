package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.migrate.protocol.Capabilities;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.LayerNeed;
import io.podkit.migrate.transport.DataChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Sends the layers that the target lacks before anything else goes out, several at a time, one on
 * each data channel. The pod runs meanwhile.
 */
final class LayerTransfer {
  /** The target may have to read layers on a network that both hosts share. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final SourceLink link;
  private final LayerStore layers;
  private final CancelSwitch cancel;
  private final PhaseClock phases;
  private final LongConsumer sent;

  /**
   * A transfer.
   *
   * @param sent told how many bytes went out, from several threads
   */
  LayerTransfer(
      SourceLink link,
      LayerStore layers,
      CancelSwitch cancel,
      PhaseClock phases,
      LongConsumer sent) {
    this.link = link;
    this.layers = layers;
    this.cancel = cancel;
    this.phases = phases;
    this.sent = sent;
  }

  /**
   * Returns when the target has all of the pod's layers.
   *
   * @param all that the pod stands on
   * @param missing those that the target said it lacked before it reserved them
   */
  void send(List<LayerNeed> all, Set<LayerDigest> missing) throws PodkitException {
    boolean offered = link.control().capabilities().contains(Capabilities.LAYER_RESUME);
    Set<LayerDigest> lacking = offered ? ask(all) : missing;
    // The largest first: or the last one would go alone.
    Queue<LayerNeed> waiting =
        all.stream()
            .filter(layer -> lacking.contains(layer.digest()))
            .sorted(Comparator.comparingLong(LayerNeed::size).reversed())
            .collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
    int lanes = Math.min(waiting.size(), link.all().size());
    if (lanes == 0) {
      return;
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            lanes,
            work -> {
              Thread thread = new Thread(work, "migrate-layers");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> running = new ArrayList<>();
      for (DataChannel channel : link.all().subList(0, lanes)) {
        running.add(threads.submit(() -> sendAll(waiting, channel, offered)));
      }
      await(running);
    } finally {
      threads.shutdownNow();
    }
  }

  private Set<LayerDigest> ask(List<LayerNeed> all) throws PodkitException {
    Set<LayerDigest> lacking = link.control().ask(new Control.LayerQuery(all), PATIENCE).missing();
    if (!all.stream().map(LayerNeed::digest).collect(Collectors.toSet()).containsAll(lacking)) {
      throw PodkitException.peer(
          link.control().peer() + " asks for layers that the pod does not have", null);
    }
    return lacking;
  }

  private Void sendAll(Queue<LayerNeed> waiting, DataChannel channel, boolean offered)
      throws PodkitException {
    FileSender sender = new FileSender(channel, sent);
    LayerNeed layer;
    while ((layer = waiting.poll()) != null) {
      cancel.check();
      if (offered) {
        note(layer, sender.offer(layers, layer));
      } else {
        sender.layer(layers, layer.digest());
      }
    }
    return null;
  }

  private void note(LayerNeed layer, long skipped) {
    if (skipped > 0) {
      phases.notice(
          "layer "
              + layer.digest().abbreviated()
              + ": "
              + skipped
              + " of its "
              + layer.size()
              + " bytes were there already");
    }
  }

  /** The first failure counts; the others, who are cut off then, fail because of it. */
  private void await(List<Future<?>> running) throws PodkitException {
    PodkitException first = null;
    for (Future<?> lane : running) {
      try {
        lane.get();
      } catch (ExecutionException e) {
        PodkitException failure =
            e.getCause() instanceof PodkitException reason
                ? reason
                : PodkitException.internal("sending layers failed", e.getCause());
        first = first == null ? failure : first;
        link.abortData();
      } catch (InterruptedException e) {
        link.abortData();
        Thread.currentThread().interrupt();
        throw PodkitException.cancelled("the migration was interrupted");
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
