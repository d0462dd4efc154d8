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
import io.podkit.core.container.ContainerCable;
import io.podkit.core.container.MovableContainer;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.ContainerOrigin;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.criu.image.PipesToFiles;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.resource.HostLock;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A container that leaves this host to be a pod elsewhere. While it does it has a record as a pod
 * has, which is the only thing of it that is ours; without one it is its engine's again. It is its
 * engine that ends it, once the target has it. See docs/adr/0020.
 */
final class ContainerDeparture extends ContainerView implements Departure {
  private final PodCleaner cleaner;
  private final CriuWorkers workers;
  private final HostLock lock;
  private final @Nullable MovableContainer container;
  private final @Nullable DeadMan deadMan;
  private PodRecord record;
  private boolean released;
  private boolean closed;

  /**
   * A container whose record already says LEAVING, IN_DOUBT or SERVING.
   *
   * @param container as it was found, or null when this is the recovery of a dead process's work
   * @param deadMan armed, or null then, too
   */
  ContainerDeparture(
      PodRecord record,
      @Nullable MovableContainer container,
      PodStore store,
      PodParts parts,
      PodObserver observer,
      PodCleaner cleaner,
      CriuWorkers workers,
      HostLock lock,
      @Nullable DeadMan deadMan) {
    super(store, parts, observer);
    this.record = record;
    this.container = container;
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
  MovableContainer found() throws PodkitException {
    if (container == null) {
      throw PodkitException.conflict("container " + record.name() + " was leaving already");
    }
    return container;
  }

  private EngineContainer owner() {
    return Objects.requireNonNull(record.owner(), "an engine has it");
  }

  @Override
  PodCgroup cgroup() throws PodkitException {
    return parts().freezableCgroup(init().pid());
  }

  @Override
  public CpuThrottle throttle() throws PodkitException {
    PodCgroup cgroup = cgroup();
    QuotaThrottle throttle =
        new QuotaThrottle(
            cgroup,
            record.spec().limits(),
            Runtime.getRuntime().availableProcessors(),
            System::nanoTime);
    return new CpuThrottle() {
      @Override
      public void apply(int percent) throws PodkitException {
        rememberQuota(cgroup);
        throttle.apply(percent);
      }

      @Override
      public void remove() throws PodkitException {
        giveQuotaBack(cgroup);
      }
    };
  }

  /** In the record before anything is changed: whoever recovers this has to know it. */
  private void rememberQuota(PodCgroup cgroup) throws PodkitException {
    String quota = cgroup.cpuQuota();
    if (owner().cpuQuota() == null && quota != null) {
      ContainerOrigin origin = Objects.requireNonNull(record.origin());
      save(record.withOrigin(origin.ownedBy(owner().throttled(quota))));
    }
  }

  /** No more than what we took: its limits are its engine's, and may not be those it began with. */
  private void giveQuotaBack(PodCgroup cgroup) throws PodkitException {
    String quota = owner().cpuQuota();
    if (quota != null) {
      cgroup.setCpuQuota(quota);
    }
  }

  @Override
  public List<PodTree> take(List<VolumeFate> volumes) throws PodkitException {
    return parts().volumes().taken().begin(record, volumes);
  }

  @Override
  public void dump(Path images, MemoryRoute memory, FrozenSteps steps) throws PodkitException {
    PodCgroup cgroup = cgroup();
    Path work = store().directory(record.name());
    PodDump dump = new PodDump(workers, record, init(), cgroup, surroundings());
    EngineKill ending = new EngineKill(owner(), init());
    try (WatchedFiles told =
        WatchedFiles.tell(cgroup, parts().fileSystem().trees(), found().root(), work)) {
      dump.run(images, work, memory, false, whole(steps, ending));
    } catch (PodkitException e) {
      if (!ending.isBegun()) {
        reconnect(e);
        throw e;
      } // CRIU stumbles over what the engine has ended under its hands
    } finally {
      ending.close();
    }
  }

  private PodDump.Surroundings surroundings() throws PodkitException {
    MovableContainer found = found();
    return new PodDump.Surroundings() {
      @Override
      public void cutOff() throws PodkitException {
        String cable = owner().cable();
        if (cable != null) {
          ContainerCable.unplug(cable);
        }
      }

      @Override
      public void lift() throws PodkitException {
        giveQuotaBack(cgroup());
      }

      @Override
      public void correct(Path images) throws PodkitException {
        try {
          PipesToFiles.replace(images, found.streams());
        } catch (IOException e) {
          throw PodkitException.io("cannot lead the container's output elsewhere", e);
        }
      }
    };
  }

  /**
   * The engine is told of the end before CRIU ends the processes: otherwise it would see them die
   * by themselves, and might start the container again.
   */
  private FrozenSteps whole(FrozenSteps steps, EngineKill ending) {
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
        ending.begin();
      }
    };
  }

  private void reconnect(PodkitException failure) {
    try {
      if (record.state() == PodState.LEAVING) {
        runOn();
      }
    } catch (PodkitException e) {
      failure.addSuppressed(e); // closing tries again
    }
  }

  @Override
  public void grant() throws PodkitException {
    save(record.in(PodState.IN_DOUBT));
    cgroup().freeze();
  }

  @Override
  public void serve() throws PodkitException {
    if (record.state() != PodState.SERVING) {
      save(record.in(PodState.SERVING));
    }
  }

  @Override
  public void release() throws PodkitException {
    EngineKill.finish(owner(), init());
    parts().volumes().taken().release(record, owner().kept());
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
    PodCgroup cgroup = cgroup();
    String cable = owner().cable();
    try (UndoStack steps = new UndoStack("let container " + record.name() + " run on")) {
      steps.push("thaw it", cgroup::thaw);
      steps.push("give it its processors back", () -> giveQuotaBack(cgroup));
      if (cable != null) {
        steps.push("plug its network in", () -> ContainerCable.plug(cable));
      }
    }
  }

  /** It is its engine's again, alive or not: the record goes. */
  private void stay() throws PodkitException {
    runOn();
    // Where the command died that froze it, its CRIU holds the processes a moment longer.
    workers.awaitOrphans(store().directory(record.name()));
    cleaner.erase(record);
    released = true;
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
    } catch (PodkitException e) {
      throw e.withHint(new Hint("pod recover " + record.name()));
    } finally {
      standDown();
    }
  }

  /** The switch goes off unless the move is settled: recovery may still succeed. */
  private void standDown() throws PodkitException {
    if (deadMan == null) {
      return;
    }
    if (released) {
      deadMan.disarm();
    } else {
      deadMan.release();
    }
  }

  /** What nobody may do to a container, whatever the caller thinks that it is. */
  static PodkitException notByItsName(Object asked, Object name) {
    return PodkitException.of(
        ErrorKind.USAGE,
        "container " + asked + " is called " + name + " here",
        new Hint("say pod migrate " + name));
  }
}
