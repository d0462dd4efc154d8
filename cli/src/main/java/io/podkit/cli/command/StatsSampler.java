package io.podkit.cli.command;

import io.podkit.core.api.PodName;
import io.podkit.core.api.PodStats;
import io.podkit.core.api.Pods;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Samples several pods over the same interval, one thread each, since a sample blocks. */
final class StatsSampler {
  private final Pods pods;

  StatsSampler(Pods pods) {
    this.pods = pods;
  }

  /**
   * Samples for that long.
   *
   * @param strict whether a pod that cannot be sampled is a failure; otherwise it is left out,
   *     because it may have ended since it was listed
   */
  List<PodStats> sample(List<PodName> names, Duration interval, boolean strict)
      throws PodkitException, InterruptedException {
    if (names.isEmpty()) {
      return List.of();
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            names.size(),
            work -> {
              Thread thread = new Thread(work, "stats");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<PodStats>> running = new ArrayList<>();
      for (PodName name : names) {
        running.add(threads.submit(() -> pods.stats(name, interval)));
      }
      return results(running, strict);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<PodStats> results(List<Future<PodStats>> running, boolean strict)
      throws PodkitException, InterruptedException {
    List<PodStats> sample = new ArrayList<>();
    for (Future<PodStats> one : running) {
      try {
        sample.add(one.get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof PodkitException known)) {
          throw PodkitException.internal("a sample failed: " + e.getCause(), e.getCause());
        }
        if (strict) {
          throw known;
        }
      }
    }
    return sample;
  }
}
