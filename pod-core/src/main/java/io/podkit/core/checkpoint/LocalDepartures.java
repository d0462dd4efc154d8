package io.podkit.core.checkpoint;

import io.podkit.core.api.Departure;
import io.podkit.core.api.Departures;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.core.api.RunningPod;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.container.AdoptedContainer;
import io.podkit.core.container.ContainerSurvey;
import io.podkit.core.container.ForeignContainer;
import io.podkit.core.container.LocalContainers;
import io.podkit.core.container.MovableContainer;
import io.podkit.core.engine.SkippedDump;
import io.podkit.core.lifecycle.MonitorCommands;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.EngineArchive;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.resource.HostLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pods that leave this host. */
public final class LocalDepartures implements Departures {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final PodStore store;
  private final PodLocks locks;
  private final PodParts parts;
  private final PodObserver observer;
  private final PodCleaner cleaner;
  private final CriuWorkers workers;
  private final LocalContainers containers;
  private final ContainerSurvey survey;
  private final Path podInit;
  private final List<String> podCommand;

  /**
   * The pods of one host.
   *
   * @param podCommand how the {@code pod} command is called; empty if it cannot be, and then no
   *     dead man's switch is armed
   */
  public LocalDepartures(
      PodStore store,
      PodLocks locks,
      PodParts parts,
      PodObserver observer,
      PodCleaner cleaner,
      CriuWorkers workers,
      LocalContainers containers,
      ContainerSurvey survey,
      Path podInit,
      List<String> podCommand) {
    this.store = store;
    this.locks = locks;
    this.parts = parts;
    this.observer = observer;
    this.cleaner = cleaner;
    this.workers = workers;
    this.containers = containers;
    this.survey = survey;
    this.podInit = podInit;
    this.podCommand = podCommand;
  }

  @Override
  public Departure begin(PodName name, String migration) throws PodkitException {
    HostLock lock = locks.acquire(name, PATIENCE);
    try {
      Optional<AdoptedContainer> adopted = adopted(name);
      if (adopted.isPresent()) {
        return leaving(adopted.get(), name, migration, lock, false);
      }
      return leaving(name, migration, lock);
    } catch (PodkitException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public Departure beginForEngine(PodName name, String migration) throws PodkitException {
    HostLock lock = locks.acquire(name, PATIENCE);
    try {
      Optional<AdoptedContainer> adopted = adopted(name);
      if (adopted.isEmpty()) {
        running(name); // or there is none at all
        throw PodkitException.of(
            ErrorKind.USAGE,
            name + " is a pod, and can be no engine's container",
            new Hint("pod migrate without --engine"));
      }
      return leaving(adopted.get(), name, migration, lock, true);
    } catch (PodkitException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** The same for what is no container: those cannot be written down by us. */
  LocalDeparture beginPod(PodName name, String migration) throws PodkitException {
    HostLock lock = locks.acquire(name, PATIENCE);
    try {
      return leaving(name, migration, lock);
    } catch (PodkitException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private LocalDeparture leaving(PodName name, String migration, HostLock lock)
      throws PodkitException {
    FillLock.awaitFree(name, store.directory(name));
    PodRecord leaving = running(name).in(PodState.LEAVING).withMigration(migration);
    DeadMan deadMan = arm(name, MonitorCommands.recover(podCommand, name));
    return departure(depart(leaving, deadMan), lock, deadMan);
  }

  private ContainerDeparture leaving(
      AdoptedContainer adopted, PodName asked, String migration, HostLock lock, boolean forEngine)
      throws PodkitException {
    PodName name = adopted.record().name();
    if (!name.equals(asked)) {
      throw ContainerDeparture.notByItsName(asked, name); // the lock is that of another name
    }
    PodCgroup cgroup = runningCgroup(adopted);
    MovableContainer container = survey.look(adopted, cgroup);
    if (forEngine && container.blockers().isEmpty()) {
      container = described(container);
    }
    PodRecord leaving = container.record().in(PodState.LEAVING).withMigration(migration);
    if (leaving.owner() == null) {
      throw ForeignContainer.refusal(name, adopted.container(), "move");
    }
    DeadMan deadMan = arm(name, MonitorCommands.recover(podCommand, name));
    return departure(depart(leaving, deadMan), container, lock, deadMan);
  }

  /**
   * With what its engine writes of it, and with its streams as they are: to the engine's monitor.
   */
  private MovableContainer described(MovableContainer container) throws PodkitException {
    PodRecord record = container.record();
    EngineContainer owner = Objects.requireNonNull(record.owner(), "an engine has it");
    EngineArchive archive =
        new SkippedDump(podInit)
            .read(
                owner.command(),
                owner.ref().id(),
                container.image(),
                store.directory(record.name()));
    return container.forEngine(archive);
  }

  private ContainerDeparture departure(
      PodRecord record,
      @Nullable MovableContainer container,
      HostLock lock,
      @Nullable DeadMan deadMan) {
    return new ContainerDeparture(
        record, container, store, parts, observer, cleaner, workers, lock, deadMan);
  }

  @Override
  public RunningPod look(PodName name, String migration) throws PodkitException {
    HostLock lock = locks.acquire(name, PATIENCE);
    try {
      Optional<AdoptedContainer> adopted = adopted(name);
      if (adopted.isPresent()) {
        return container(adopted.get(), migration, lock);
      }
      FillLock.awaitFree(name, store.directory(name));
      PodRecord record = running(name).withMigration(migration);
      DeadMan deadMan = arm(name, MonitorCommands.settle(podCommand, name));
      return new LookedAtPod(record, store, parts, observer, lock, deadMan);
    } catch (PodkitException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private Optional<AdoptedContainer> adopted(PodName name) throws PodkitException {
    return containers.adopted(store, name);
  }

  private PodCgroup runningCgroup(AdoptedContainer adopted) throws PodkitException {
    PodCgroup cgroup = cgroup(adopted);
    if (cgroup.isFrozen()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "cannot look at container " + adopted.record().name() + ": it is paused",
          new Hint(
              "let it go on: "
                  + adopted.container().engine()
                  + " unpause "
                  + adopted.record().name()));
    }
    return cgroup;
  }

  private RunningPod container(AdoptedContainer adopted, String migration, HostLock lock)
      throws PodkitException {
    PodCgroup cgroup = runningCgroup(adopted);
    PodName name = adopted.record().name();
    MovableContainer container = survey.look(adopted, cgroup);
    DeadMan deadMan = arm(name, MonitorCommands.settleContainer(podCommand, name));
    return new LookedAtContainer(
        container, migration, cgroup, store, parts, observer, lock, deadMan);
  }

  private PodCgroup cgroup(AdoptedContainer adopted) throws PodkitException {
    InitProcess init = Objects.requireNonNull(adopted.record().init(), "it lives");
    return parts.freezableCgroup(init.pid());
  }

  private PodRecord running(PodName name) throws PodkitException {
    Optional<AdoptedContainer> adopted = adopted(name);
    if (adopted.isPresent()) {
      throw ForeignContainer.refusal(name, adopted.get().container(), "move");
    }
    PodRecord record = store.get(name);
    PodState state = observer.state(record);
    if (state != PodState.RUNNING) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "cannot move pod " + name + ": it is " + state,
          new Hint(
              state.isDeparting()
                  ? "an earlier migration died: pod recover " + name
                  : "only a running pod can be moved: pod start " + name));
    }
    return record;
  }

  private PodRecord depart(PodRecord leaving, @Nullable DeadMan deadMan) throws PodkitException {
    try {
      store.save(leaving);
      return leaving;
    } catch (PodkitException e) {
      if (deadMan != null) {
        deadMan.release(); // the record may have been written all the same
      }
      throw e;
    }
  }

  private @Nullable DeadMan arm(PodName name, List<String> command) throws PodkitException {
    return command.isEmpty()
        ? null
        : DeadMan.arm(podInit, store.directory(name).resolve("recover.log"), command);
  }

  @Override
  public Departure resume(PodName name) throws PodkitException {
    HostLock lock = locks.tryAcquire(name);
    if (lock == null) {
      throw PodkitException.conflict("pod " + name + " is in a migration that is still at work");
    }
    try {
      PodRecord record = store.get(name);
      if (!record.state().isDeparting()) {
        throw PodkitException.conflict(
            "pod " + name + " is not leaving: it is " + observer.state(record));
      }
      return record.owner() == null
          ? departure(record, lock, null)
          : departure(record, null, lock, null);
    } catch (PodkitException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private LocalDeparture departure(PodRecord record, HostLock lock, @Nullable DeadMan deadMan) {
    return new LocalDeparture(record, store, parts, observer, cleaner, workers, lock, deadMan);
  }
}
