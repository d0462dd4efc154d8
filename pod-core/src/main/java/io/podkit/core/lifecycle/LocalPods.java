package io.podkit.core.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.Attachment;
import io.podkit.core.api.Attendance;
import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.ExecSpec;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStats;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.core.container.AdoptedContainer;
import io.podkit.core.container.ForeignContainer;
import io.podkit.core.container.LocalContainers;
import io.podkit.core.launch.PodLauncher;
import io.podkit.core.launch.PodTreePaths;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.RootedFiles;
import io.podkit.resource.HostLock;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The pods of this host. Holds no state of its own: the records and the kernel do. */
public final class LocalPods implements Pods {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(15);
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(10);

  private final PodStore store;
  private final PodLocks locks;
  private final PodParts parts;
  private final PodObserver observer;
  private final PodCreator creator;
  private final PodStarter starter;
  private final PodCleaner cleaner;
  private final ExecSessions execs;
  private final RemainsSweeper sweeper;
  private final LocalContainers containers;

  /**
   * @param podCommand how the {@code pod} command is called on this host; empty if it cannot be
   */
  public LocalPods(
      HostDirs dirs,
      PodStore store,
      PodLocks locks,
      PodParts parts,
      PodObserver observer,
      PodLauncher launcher,
      PodCleaner cleaner,
      LocalContainers containers,
      ObjectMapper json,
      List<String> podCommand,
      Clock clock) {
    this.store = store;
    this.locks = locks;
    this.parts = parts;
    this.observer = observer;
    this.cleaner = cleaner;
    this.containers = containers;
    creator = new PodCreator(store, parts, cleaner, clock);
    starter = new PodStarter(store, parts, launcher, cleaner, podCommand, clock);
    execs = new ExecSessions(store, parts, observer, launcher, json);
    PodLayers layers = new PodLayers(store, locks, parts, observer);
    sweeper = new RemainsSweeper(dirs, store, locks, parts, cleaner, layers);
  }

  @Override
  public PodStatus create(PodSpec spec) throws PodkitException {
    try (HostLock lock = locks.acquire(spec.name(), LOCK_PATIENCE)) {
      return observer.observe(creator.create(spec, lock));
    }
  }

  @Override
  public PodStatus start(PodName name) throws PodkitException {
    try (HostLock lock = locks.acquire(name, LOCK_PATIENCE)) {
      PodRecord record = own(name, "start");
      PodState state = observer.state(record);
      if (state != PodState.CREATED && state != PodState.EXITED) {
        throw PodkitException.of(
            ErrorKind.CONFLICT,
            "cannot start pod " + name + ": it is " + state,
            new Hint(
                state == PodState.CHECKPOINTED
                    ? "bring it back with pod restore " + name
                    : "pod ps -a shows where it stands"));
      }
      return observer.observe(starter.start(record));
    }
  }

  @Override
  public PodStatus stop(PodName name, Duration grace) throws PodkitException, InterruptedException {
    try (HostLock lock = locks.acquire(name, LOCK_PATIENCE)) {
      PodRecord record = own(name, "stop");
      refuseMoving(record, "stop");
      if (observer.isAlive(record)) {
        if (!endsItself(record, grace)) {
          parts.cgroup(name).kill();
          awaitEnd(record, KILL_PATIENCE);
        }
      }
      return observer.observe(ended(record));
    }
  }

  /** Asks the command to end, and says whether it did in time. */
  private boolean endsItself(PodRecord record, Duration grace)
      throws PodkitException, InterruptedException {
    try {
      PodSignals.toCommand(Objects.requireNonNull(record.init()), PodSignals.toStop(record.spec()));
    } catch (PodkitException e) {
      if (observer.isAlive(record)) {
        throw e;
      } // else it ended by itself in this moment
    }
    return awaitEnd(record, grace);
  }

  /** The monitor writes the exit status after the process is gone: wait for both. */
  private boolean awaitEnd(PodRecord record, Duration patience)
      throws PodkitException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (observer.isAlive(record) || observer.exitCode(record).isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      Thread.sleep(POLL.toMillis());
    }
    return true;
  }

  private PodRecord ended(PodRecord record) throws PodkitException {
    cleaner.giveBack(record);
    if (record.state() != PodState.RUNNING) {
      return record;
    }
    PodRecord exited = record.in(PodState.EXITED).withoutProcesses();
    store.save(exited);
    return exited;
  }

  /** Not even by force: it would take the memory from a pod that runs on another host. */
  private static void refuseServing(PodRecord record) throws PodkitException {
    if (record.state() == PodState.SERVING) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "cannot remove pod "
              + record.name()
              + ": it runs on another host, which still needs memory from here",
          new Hint(
              "pod migrate --resume "
                  + record.name()
                  + " ends that; if the other host is gone for good: pod recover --assume source "
                  + record.name()));
    }
  }

  /** A container's processes, files and cable are its engine's, while it leaves, too. */
  private static void refuseLeavingContainer(PodRecord record, String verb) throws PodkitException {
    if (record.owner() != null) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "cannot "
              + verb
              + " container "
              + record.name()
              + ": it is "
              + record.state()
              + " in a migration",
          new Hint("wait for the migration; if it died, run pod recover " + record.name()));
    }
  }

  private static void refuseMoving(PodRecord record, String verb) throws PodkitException {
    switch (record.state()) {
      case LEAVING, IN_DOUBT, SERVING, ARRIVING ->
          throw PodkitException.of(
              ErrorKind.CONFLICT,
              "cannot "
                  + verb
                  + " pod "
                  + record.name()
                  + ": it is "
                  + record.state()
                  + " in a migration",
              new Hint("wait for the migration; if it died, run pod recover " + record.name()));
      case CREATED, RUNNING, EXITED, CHECKPOINTED -> {}
    }
  }

  @Override
  public void kill(PodName name, int signal) throws PodkitException {
    PodRecord record = running(name, "kill");
    PodSignals.toCommand(Objects.requireNonNull(record.init()), signal);
  }

  @Override
  public void remove(PodName name, boolean force, Duration grace)
      throws PodkitException, InterruptedException {
    try (HostLock lock = locks.acquire(name, LOCK_PATIENCE)) {
      PodRecord record = own(name, "remove");
      refuseLeavingContainer(record, "remove");
      refuseServing(record);
      if (!force) {
        refuseMoving(record, "remove");
      }
      if (observer.isAlive(record) && !force) {
        throw PodkitException.of(
            ErrorKind.CONFLICT,
            "cannot remove pod " + name + ": it is running",
            new Hint("stop it first, or use pod rm -f " + name));
      }
      if (canAct(record) && !grace.isZero() && endsItself(record, grace)) {
        cleaner.erase(ended(record));
        return;
      }
      cleaner.erase(record);
    }
  }

  /** Whether its processes can answer a signal: they run, and no memory of theirs is elsewhere. */
  private boolean canAct(PodRecord record) throws PodkitException {
    return record.state() == PodState.RUNNING
        && observer.isAlive(record)
        && observer.observe(record).remoteMemory() == null;
  }

  @Override
  public Attendance attend(PodName name) throws PodkitException {
    return LockedAttendance.of(this, name, parts.attendedFile(own(name, "start").name()));
  }

  @Override
  public void settle(PodName name) throws PodkitException {
    try (HostLock lock = locks.acquire(name, LOCK_PATIENCE)) {
      Optional<PodRecord> found = store.find(name);
      if (found.isEmpty()) {
        return;
      }
      if (found.get().state() == PodState.EXITED && found.get().spec().autoRemove()) {
        cleaner.erase(found.get()); // who stopped it did not remove it
        return;
      }
      if (found.get().state() != PodState.RUNNING) {
        return;
      }
      if (observer.isAlive(found.get())) {
        // Nobody who may stop it has the lock: a command has died that had stopped it for a moment.
        parts.cgroup(name).thaw();
        return;
      }
      if (found.get().spec().autoRemove()) {
        cleaner.erase(found.get());
      } else {
        ended(found.get());
      }
    }
  }

  @Override
  public void settleContainer(PodName name) throws PodkitException {
    Optional<AdoptedContainer> adopted = containers.find(store, name);
    if (adopted.isPresent()) {
      parts.foreignCgroup(pid(adopted.get().record())).thaw();
    }
  }

  @Override
  public void sweep() throws PodkitException {
    sweeper.sweep();
  }

  @Override
  public List<LayerDigest> prune() throws PodkitException {
    return sweeper.prune();
  }

  @Override
  public List<PodStatus> list() throws PodkitException {
    List<PodStatus> result = new ArrayList<>();
    Set<PodName> names = new HashSet<>();
    Set<ContainerRef> leaving = new HashSet<>();
    for (PodRecord record : store.list()) {
      result.add(observer.observe(record));
      names.add(record.name());
      if (record.owner() != null) {
        leaving.add(record.owner().ref());
      }
    }
    for (AdoptedContainer adopted : containers.list(names)) {
      if (!leaving.contains(adopted.container())) {
        result.add(observer.observe(adopted.record(), adopted.container()));
      }
    }
    return result;
  }

  @Override
  public PodStatus status(PodName name) throws PodkitException {
    Optional<AdoptedContainer> adopted = adopted(name);
    return adopted.isPresent()
        ? observer.observe(adopted.get().record(), adopted.get().container())
        : observer.observe(store.get(name));
  }

  /** The container of that name, unless a pod has it. */
  private Optional<AdoptedContainer> adopted(PodName name) throws PodkitException {
    return containers.adopted(store, name);
  }

  /**
   * The record of a pod of ours.
   *
   * @param verb what was asked for, for the message
   * @throws PodkitException NOT_FOUND, or REFUSED for a container that its engine owns
   */
  private PodRecord own(PodName name, String verb) throws PodkitException {
    Optional<AdoptedContainer> adopted = adopted(name);
    if (adopted.isPresent()) {
      throw ForeignContainer.refusal(name, adopted.get().container(), verb);
    }
    return store.get(name);
  }

  private PodRecord running(PodName name, String verb) throws PodkitException {
    PodRecord record = own(name, verb);
    if (observer.state(record) != PodState.RUNNING) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "pod " + name + " is not running: it is " + observer.state(record),
          new Hint("start it: pod start " + name));
    }
    return record;
  }

  @Override
  public PodStats stats(PodName name, Duration interval)
      throws PodkitException, InterruptedException {
    Optional<AdoptedContainer> adopted = adopted(name);
    if (adopted.isPresent()) {
      long pid = pid(adopted.get().record());
      return StatsSampler.sample(adopted.get().record(), pid, parts.foreignCgroup(pid), interval);
    }
    PodRecord record = running(name, "measure");
    return StatsSampler.sample(record, pid(record), parts.cgroup(name), interval);
  }

  private static long pid(PodRecord record) {
    return Objects.requireNonNull(record.init(), "it runs").pid();
  }

  @Override
  public Attachment exec(PodName name, ExecSpec spec) throws PodkitException {
    // Under the lock, so that no command slips in between the last look of a checkpoint and its
    // freeze.
    try (HostLock lock = locks.acquire(name, LOCK_PATIENCE)) {
      PodRecord record = running(name, "exec into");
      return execs.start(record, Objects.requireNonNull(record.init()), runningFiles(record), spec);
    }
  }

  @Override
  public Attachment attach(PodName name, boolean fromStart) throws PodkitException {
    PodRecord record = running(name, "attach to");
    InitProcess init = Objects.requireNonNull(record.init());
    return new CommandStreams(
        runningFiles(record),
        PodTreePaths.DIRECTORY,
        init.pid(),
        fromStart,
        new PodEnding(record, init, store, observer));
  }

  private RootedFiles runningFiles(PodRecord record) throws PodkitException {
    var mounted = parts.fileSystem().staging().attach(parts.staging(record));
    if (mounted.isEmpty()) {
      throw PodkitException.internal(
          "pod " + record.name() + " runs, but its root is not mounted", null);
    }
    mounted.get().detach();
    return parts.fileSystem().rooted(mounted.get());
  }

  @Override
  public int waitFor(PodName name) throws PodkitException, InterruptedException {
    PodRecord record = own(name, "wait for");
    if (record.init() == null) {
      return observer.exitCode(record).orElse(0);
    }
    PodEnding ending = new PodEnding(record, record.init(), store, observer);
    OptionalInt status = ending.poll();
    while (status.isEmpty()) {
      Thread.sleep(POLL.toMillis());
      status = ending.poll();
    }
    return status.getAsInt();
  }

  @Override
  public RootedFiles ownFiles(PodName name) throws PodkitException {
    PodRecord record = own(name, "read the files of");
    refuseLeavingContainer(record, "read the files of");
    return parts
        .fileSystem()
        .rooted(parts.fileSystem().staging().upper(PodParts.stagingName(record.name())));
  }

  @Override
  public RootedFiles files(PodName name) throws PodkitException {
    PodRecord record = own(name, "open the files of");
    refuseLeavingContainer(record, "open the files of");
    return observer.isAlive(record)
        ? runningFiles(record)
        : StoppedFiles.open(record, locks, parts, LOCK_PATIENCE);
  }
}
