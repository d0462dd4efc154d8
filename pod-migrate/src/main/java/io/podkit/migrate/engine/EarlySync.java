package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Writes what a first pass brought to stable storage while the pod still runs on the source, so
 * that little is left to wait for in the freeze. Nobody waits for it until somebody needs to. Not
 * thread-safe.
 */
final class EarlySync {

  private final List<FutureTask<Void>> tasks = new ArrayList<>();

  /** Begins to write back a tree; it may be applied to meanwhile. */
  void begin(TreeTarget tree) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              tree.sync();
              return null;
            });
    tasks.add(task);
    Thread thread = new Thread(task, "early-sync");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Returns when everything begun has ended.
   *
   * @throws PodkitException as {@link TreeTarget#sync}
   */
  void await() throws PodkitException {
    for (FutureTask<Void> task : tasks) {
      try {
        task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw PodkitException.cancelled("writing the pod's files to disk was interrupted");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof PodkitException reason
            ? reason
            : PodkitException.internal("writing the pod's files to disk failed", e.getCause());
      }
    }
    tasks.clear();
  }
}
