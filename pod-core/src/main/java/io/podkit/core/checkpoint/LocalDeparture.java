package io.podkit.core.checkpoint;

import io.podkit.core.api.CpuThrottle;
import io.podkit.core.api.Departure;
import io.podkit.core.api.FrozenSteps;
import io.podkit.core.api.MemoryRoute;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.cgroup.QuotaThrottle;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.resource.HostLock;
import io.podkit.resource.UndoStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A leaving pod: every change of owner is one write of its record, see docs/adr/0003. */
final class LocalDeparture extends LocalPodView implements Departure {
  private final PodCleaner cleaner;
  private final CriuWorkers workers;
  private final HostLock lock;
  private final @Nullable DeadMan deadMan;
  private PodRecord record;
  private boolean released;
  private boolean closed;

  /**
   * A pod whose record already says LEAVING, IN_DOUBT or SERVING.
   *
   * @param deadMan armed, or null when this is itself the recovery of a dead process's work
   */
  LocalDeparture(
      PodRecord record,
      PodStore store,
      PodParts parts,
      PodObserver observer,
      PodCleaner cleaner,
      CriuWorkers workers,
      HostLock lock,
      @Nullable DeadMan deadMan) {
    super(store, parts, observer);
    this.record = record;
    this.cleaner = cleaner;
    this.workers = workers;
    this.lock = lock;
    this.deadMan = deadMan;
  }

  @Override
  PodRecord current() {
    return record;
  }

  @Override
  public CpuThrottle throttle() throws PodkitException {
    return new QuotaThrottle(
        parts().cgroup(record.name()),
        record.spec().limits(),
        Runtime.getRuntime().availableProcessors(),
        System::nanoTime);
  }

  @Override
  public List<PodTree> take(List<VolumeFate> volumes) throws PodkitException {
    return parts().volumes().taken().begin(record, volumes);
  }

  @Override
  public void dump(Path images, MemoryRoute memory, FrozenSteps steps) throws PodkitException {
    dump(images, store().directory(record.name()), memory, false, steps);
  }

  /**
   * Dumps into a directory on disk; afterwards the pod runs on here, or is {@link #checkpointed}.
   */
  void checkpoint(Path images, Path work, boolean leaveRunning, FrozenSteps steps)
      throws PodkitException {
    dump(images, work, MemoryRoute.IMAGES, leaveRunning, steps);
  }

  private void dump(
      Path images, Path work, MemoryRoute memory, boolean leaveRunning, FrozenSteps steps)
      throws PodkitException {
    FillLock.awaitFree(record.name(), store().directory(record.name()));
    PodDump dump =
        new PodDump(
            workers,
            record,
            init(),
            parts().cgroup(record.name()),
            PodDump.ofPod(parts().cgroup(record.name()), parts().network(record)));
    try (WatchedFiles told = watchedFiles(work)) {
      dump.run(images, work, memory, leaveRunning, withVolumes(steps));
      if (leaveRunning) {
        runOn();
      }
    } catch (PodkitException e) {
      reconnect(e);
      throw e;
    }
  }

  /** Single files among the volumes are copied once more before the caller sends what is left. */
  private FrozenSteps withVolumes(FrozenSteps steps) {
    return new FrozenSteps() {
      @Override
      public void stopping() {
        steps.stopping();
      }

      @Override
      public void frozen() throws PodkitException {
        parts().volumes().taken().refresh(record);
        steps.frozen();
      }

      @Override
      public void written() throws PodkitException {
        steps.written();
      }
    };
  }

  private WatchedFiles watchedFiles(Path work) throws PodkitException {
    PodCgroup cgroup = parts().cgroup(record.name());
    return WatchedFiles.tell(cgroup, parts().fileSystem().trees(), root().root(), work);
  }

  /**
   * The processes run again: what the caller has still to undo may take seconds, and its clients
   * need not wait for that.
   */
  private void reconnect(PodkitException failure) {
    try {
      if (record.state() == PodState.LEAVING) {
        runOn();
      }
    } catch (PodkitException e) {
      failure.addSuppressed(e); // closing tries again
    }
  }

  /** The pod lives on in its checkpoint only. */
  void checkpointed() throws PodkitException {
    cleaner.giveBack(record);
    save(record.in(PodState.CHECKPOINTED).withoutProcesses().withMigration(null));
  }

  @Override
  public void grant() throws PodkitException {
    save(record.in(PodState.IN_DOUBT));
    parts().cgroup(record.name()).freeze();
  }

  @Override
  public void serve() throws PodkitException {
    if (record.state() != PodState.SERVING) {
      save(record.in(PodState.SERVING));
    }
  }

  @Override
  public void release() throws PodkitException {
    if (!record.spec().volumes().isEmpty()) {
      cleaner.giveBack(record); // before they are looked at: nothing writes to them any more
      parts().volumes().taken().release(record);
    }
    cleaner.erase(record);
    released = true;
  }

  @Override
  public void takeBack() throws PodkitException {
    save(record.in(PodState.LEAVING));
    runOn();
  }

  /** Network first: what the processes send from now on must not get lost. */
  private void runOn() throws PodkitException {
    if (!observer().isAlive(record)) {
      return;
    }
    PodCgroup cgroup = parts().cgroup(record.name());
    // Each step is tried whatever the others do: nothing that fails may leave the pod frozen.
    try (UndoStack steps = new UndoStack("let pod " + record.name() + " run on")) {
      steps.push("thaw it", cgroup::thaw);
      steps.push("set its limits", () -> cgroup.limit(record.spec().limits()));
      steps.push("plug its network in", this::plug);
    }
  }

  private void plug() throws PodkitException {
    Optional<PodNetwork> network = parts().network(record);
    if (network.isPresent()) {
      network.get().plug();
    }
  }

  /** Its migration is over and it is still here, alive or not. */
  private void stay() throws PodkitException {
    runOn();
    parts().volumes().taken().forget(record);
    // Where the command died that froze it, its CRIU holds the processes a moment longer.
    workers.awaitOrphans(store().directory(record.name()));
    PodRecord stays = record.in(PodState.RUNNING).withMigration(null);
    if (observer().isAlive(record)) {
      save(stays);
    } else if (record.spec().autoRemove()) {
      release();
    } else {
      // Its monitor could not settle this while we held the lock.
      cleaner.giveBack(record);
      save(stays.in(PodState.EXITED).withoutProcesses());
    }
  }

  private void save(PodRecord next) throws PodkitException {
    store().save(next);
    record = next;
  }

  @Override
  public void close() throws PodkitException {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      if (!released && record.state() == PodState.LEAVING) {
        stay();
      }
    } finally {
      // Unlocked by now, so that a process of its own finds the pod free.
      standDown();
    }
  }

  /** The switch goes off unless the pod's migration is settled: recovery may still succeed. */
  private void standDown() throws PodkitException {
    if (deadMan == null) {
      return;
    }
    if (released || !record.state().isDeparting()) {
      deadMan.disarm();
    } else {
      deadMan.release();
    }
  }
}
