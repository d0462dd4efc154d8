package io.podkit.core.checkpoint;

import io.podkit.core.api.CpuThrottle;
import io.podkit.core.api.Departure;
import io.podkit.core.api.FrozenSteps;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.MemoryRoute;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.VolumeSpec;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.cgroup.QuotaThrottle;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.criu.PageFilter;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.resource.UndoStack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A leaving pod: every change of owner is one write of its record, see docs/adr/0003. */
final class LocalDeparture implements Departure {
  private final PodStore store;
  private final PodParts parts;
  private final PodObserver observer;
  private final PodCleaner cleaner;
  private final CriuWorkers workers;
  private final PodLocks.Held lock;
  private final @Nullable DeadMan deadMan;
  private PodRecord record;
  private boolean released;
  private boolean closed;

  /**
   * A pod whose record already says LEAVING or IN_DOUBT.
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
      PodLocks.Held lock,
      @Nullable DeadMan deadMan) {
    this.record = record;
    this.store = store;
    this.parts = parts;
    this.observer = observer;
    this.cleaner = cleaner;
    this.workers = workers;
    this.lock = lock;
    this.deadMan = deadMan;
  }

  @Override
  public PodStatus pod() throws PodkitException {
    return observer.observe(record);
  }

  @Override
  public byte[] record(List<String> layers) throws PodkitException {
    String migration =
        Objects.requireNonNull(record.migration(), "a leaving pod is in a migration");
    return store.encode(TravellingRecord.of(record, layers, migration));
  }

  @Override
  public long memoryBytes() throws PodkitException {
    return parts.cgroup(record.name()).memoryBytes();
  }

  @Override
  public List<PodTree> trees() throws PodkitException {
    MountedRoot root = root();
    return List.of(
        new PodTree(
            PodTree.Kind.UPPER,
            "upper",
            parts.fileSystem().staging().upper(PodParts.stagingName(record.name()))),
        new PodTree(PodTree.Kind.DEV, "dev", root.dev()),
        new PodTree(PodTree.Kind.SHM, "shm", root.shm()));
  }

  private MountedRoot root() throws PodkitException {
    MountedRoot root =
        parts
            .fileSystem()
            .staging()
            .attach(parts.staging(record))
            .orElseThrow(
                () ->
                    PodkitException.internal(
                        "pod " + record.name() + " runs, but its root is not mounted", null));
    root.detach();
    return root;
  }

  @Override
  public List<PodTree> volumes() {
    List<PodTree> volumes = new ArrayList<>();
    for (VolumeSpec volume : record.spec().volumes()) {
      volumes.add(
          new PodTree(PodTree.Kind.VOLUME, "volume:" + volume.destination(), volume.source()));
    }
    return volumes;
  }

  @Override
  public Marks markVolumes() throws PodkitException {
    return VolumeMarks.make(record.spec().volumes(), Objects.requireNonNull(record.migration()));
  }

  @Override
  public List<HostCheck> blockers() throws PodkitException {
    return NetworkSurvey.blockers(record, init());
  }

  @Override
  public CpuThrottle throttle() throws PodkitException {
    return new QuotaThrottle(
        parts.cgroup(record.name()),
        record.spec().limits(),
        Runtime.getRuntime().availableProcessors(),
        System::nanoTime);
  }

  @Override
  public PodProcesses processes() throws PodkitException {
    return new CgroupProcesses(parts.cgroup(record.name()));
  }

  @Override
  public PageFilter pageFilter(Path plan) {
    return workers.pageFilter(plan);
  }

  @Override
  public void dump(Path images, MemoryRoute memory, FrozenSteps steps) throws PodkitException {
    dump(images, store.directory(record.name()), memory, false, steps);
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
    FillLock.awaitFree(record.name(), store.directory(record.name()));
    PodDump dump =
        new PodDump(
            workers.dumper(), record, init(), parts.cgroup(record.name()), parts.network(record));
    try (WatchedFiles told = watchedFiles(work)) {
      dump.run(images, work, memory, leaveRunning, steps);
      if (leaveRunning) {
        runOn();
      }
    } catch (PodkitException e) {
      reconnect(e);
      throw e;
    }
  }

  private WatchedFiles watchedFiles(Path work) throws PodkitException {
    PodCgroup cgroup = parts.cgroup(record.name());
    return WatchedFiles.tell(cgroup, parts.fileSystem().trees(), root().root(), work);
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

  private InitProcess init() throws PodkitException {
    if (record.init() == null) {
      throw PodkitException.of(ErrorKind.CONFLICT, "pod " + record.name() + " has no processes");
    }
    return record.init();
  }

  @Override
  public void grant() throws PodkitException {
    save(record.in(PodState.IN_DOUBT));
    parts.cgroup(record.name()).freeze();
  }

  @Override
  public void release() throws PodkitException {
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
    if (!observer.isAlive(record)) {
      return;
    }
    PodCgroup cgroup = parts.cgroup(record.name());
    // Each step is tried whatever the others do: nothing that fails may leave the pod frozen.
    try (UndoStack steps = new UndoStack("let pod " + record.name() + " run on")) {
      steps.push("thaw it", cgroup::thaw);
      steps.push("set its limits", () -> cgroup.limit(record.spec().limits()));
      steps.push("plug its network in", this::plug);
    }
  }

  private void plug() throws PodkitException {
    Optional<PodNetwork> network = parts.network(record);
    if (network.isPresent()) {
      network.get().plug();
    }
  }

  /** Its migration is over and it is still here, alive or not. */
  private void stay() throws PodkitException {
    runOn();
    // Where the command died that froze it, its CRIU holds the processes a moment longer.
    workers.awaitOrphans(store.directory(record.name()));
    PodRecord stays = record.in(PodState.RUNNING).withMigration(null);
    if (observer.isAlive(record)) {
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
    store.save(next);
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
    boolean settled =
        released || (record.state() != PodState.LEAVING && record.state() != PodState.IN_DOUBT);
    if (settled) {
      deadMan.disarm();
    } else {
      deadMan.release();
    }
  }
}
