package io.podkit.core.checkpoint;

import io.podkit.core.api.FrozenSteps;
import io.podkit.core.api.MemoryRoute;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.criu.CriuNotify;
import io.podkit.criu.CriuOptions;
import io.podkit.criu.image.ExpiredTimers;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One dump of one pod: cuts its network off, has its processes stand still, lets the caller work,
 * and leaves the verdict to the caller. What it cut off it does not join again, limits that it
 * lifts it does not set, and what it froze may stay frozen: the pod may be about to end here.
 */
final class PodDump {
  private final CriuWorkers workers;
  private final PodRecord record;
  private final InitProcess init;
  private final PodCgroup cgroup;
  private final Surroundings surroundings;

  /** What is around the processes, and is not the same for a pod and for a container. */
  interface Surroundings {
    /** Cuts their network off; they still run. */
    void cutOff() throws PodkitException;

    /** Lifts what would slow CRIU down among them. */
    void lift() throws PodkitException;

    /** Makes CRIU's finished images fit another host. */
    void correct(Path images) throws PodkitException;
  }

  PodDump(
      CriuWorkers workers,
      PodRecord record,
      InitProcess init,
      PodCgroup cgroup,
      Surroundings surroundings) {
    this.workers = workers;
    this.record = record;
    this.init = init;
    this.cgroup = cgroup;
    this.surroundings = surroundings;
  }

  /** Those of a pod. */
  static Surroundings ofPod(PodCgroup cgroup, Optional<PodNetwork> network) {
    return new Surroundings() {
      @Override
      public void cutOff() throws PodkitException {
        if (network.isPresent()) {
          network.get().unplug();
        }
      }

      @Override
      public void lift() throws PodkitException {
        cgroup.lift();
      }

      @Override
      public void correct(Path images) {}
    };
  }

  /**
   * Dumps.
   *
   * @param images an empty directory
   * @param work where CRIU's log goes
   * @param leaveRunning whether the processes go on after a successful dump
   * @throws PodkitException what {@code steps} threw, or CRIU's own failure; the processes run on
   */
  void run(Path images, Path work, MemoryRoute memory, boolean leaveRunning, FrozenSteps steps)
      throws PodkitException {
    CriuNotify hooks =
        new CriuNotify() {
          @Override
          public void preDump() throws PodkitException {
            steps.stopping();
            surroundings.cutOff();
            // CRIU finds it done: left to itself it looks again only after a tenth of a second.
            workers.standstill(record.name(), init.pid(), cgroup).reach(surroundings::lift);
          }

          @Override
          public void networkLock() throws PodkitException {
            surroundings.lift();
            steps.frozen();
          }

          @Override
          public void postDump() throws PodkitException {
            rearmTimers(images);
            surroundings.correct(images);
            steps.written();
          }
        };
    CriuOptions.Builder options =
        PodCriuOptions.dump(record, init, cgroup, images, work, leaveRunning);
    if (memory.socket() != null) {
      options.pageServer(memory.socket());
    }
    if (memory.plan() != null) {
      options.preload(workers.pageFilter(memory.plan()));
    }
    workers.dumper().dump(options.build(), hooks);
  }

  private static void rearmTimers(Path images) throws PodkitException {
    try {
      ExpiredTimers.rearm(images);
    } catch (IOException e) {
      throw PodkitException.io("cannot look after the timers in CRIU's images", e);
    }
  }
}
