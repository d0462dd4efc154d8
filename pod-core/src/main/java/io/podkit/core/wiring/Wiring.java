package io.podkit.core.wiring;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.Arrivals;
import io.podkit.core.api.Checkpoints;
import io.podkit.core.api.Commits;
import io.podkit.core.api.ContainerHook;
import io.podkit.core.api.Departures;
import io.podkit.core.api.HostInspector;
import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.Pods;
import io.podkit.core.api.Volumes;
import io.podkit.core.cgroup.CgroupFactory;
import io.podkit.core.checkpoint.CriuWorkers;
import io.podkit.core.checkpoint.LocalArrivals;
import io.podkit.core.checkpoint.LocalCheckpoints;
import io.podkit.core.checkpoint.LocalCommits;
import io.podkit.core.checkpoint.LocalDepartures;
import io.podkit.core.checkpoint.PodReviver;
import io.podkit.core.checkpoint.TmpfsDirectory;
import io.podkit.core.container.ContainerSurvey;
import io.podkit.core.container.LocalContainerHook;
import io.podkit.core.container.LocalContainers;
import io.podkit.core.host.LocalHost;
import io.podkit.core.launch.PodLauncher;
import io.podkit.core.lifecycle.LocalPods;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.Json;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodStore;
import io.podkit.core.volume.HostVolumes;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * The runtime of one host, each part made when it is first asked for: a short command must not pay
 * for the long ones.
 */
public final class Wiring implements PodRuntime {
  private final HostDirs dirs;
  private final Installation installation = Installation.find();
  private final ObjectMapper json = Json.mapper();
  private final PodStore store;
  private final PodLocks locks;
  private final CgroupFactory cgroups;
  private final PodFileSystem fileSystem;
  private final HostVolumes volumes;
  private final PodParts parts;
  private final PodObserver observer;
  private final PodCleaner cleaner;
  private final CriuWorkers criu;
  private final HostInspector host;
  private final LocalContainers containers;
  private final Clock clock = Clock.systemUTC();

  private Wiring(HostDirs dirs) {
    this.dirs = dirs;
    store = new PodStore(dirs, json);
    locks = new PodLocks(dirs);
    cgroups = new CgroupFactory(dirs);
    fileSystem = PodFileSystem.open(dirs, installation.podInit());
    volumes = new HostVolumes(dirs, store, fileSystem, json, clock);
    parts = new PodParts(dirs, store, fileSystem, volumes, cgroups, json);
    observer = new PodObserver(parts, json);
    cleaner = new PodCleaner(store, parts);
    containers = new LocalContainers(dirs, json);
    criu = new CriuWorkers(installation.podInit(), installation.podCommand(dirs));
    host = new LocalHost(dirs, cgroups, criu, installation.podInit(), Wiring::runtime);
  }

  public static PodRuntime runtime(HostDirs dirs) {
    return new Wiring(dirs);
  }

  @Override
  public Path podInit() {
    return installation.podInit();
  }

  @Override
  public List<String> podCommand() {
    return installation.podCommand(dirs);
  }

  @Override
  public HostDirs dirs() {
    return dirs;
  }

  @Override
  public MemoryDirectory memory(String name) throws PodkitException {
    return TmpfsDirectory.create(memoryPath(name));
  }

  @Override
  public void forgetMemory(String name) throws PodkitException {
    TmpfsDirectory.remove(memoryPath(name));
  }

  private Path memoryPath(String name) {
    return dirs.run().resolve("images").resolve(name);
  }

  @Override
  public Pods pods() {
    return new LocalPods(
        dirs,
        store,
        locks,
        parts,
        observer,
        new PodLauncher(installation.podInit(), json),
        cleaner,
        containers,
        json,
        installation.podCommand(dirs),
        clock);
  }

  @Override
  public PodFileSystem fileSystem() {
    return fileSystem;
  }

  @Override
  public Volumes volumes() {
    return volumes.named();
  }

  @Override
  public Checkpoints checkpoints() {
    PodReviver reviver = new PodReviver(dirs.run(), store, parts, cleaner, criu, clock);
    return new LocalCheckpoints(
        store, locks, parts, observer, departing(), reviver, containers, json);
  }

  @Override
  public Commits commits() {
    return new LocalCommits(store, locks, parts, observer, departing());
  }

  @Override
  public HostInspector host() {
    return host;
  }

  @Override
  public ContainerHook containerHook() {
    return new LocalContainerHook(dirs, installation.podInit(), json);
  }

  @Override
  public Departures departures() {
    return departing();
  }

  private LocalDepartures departing() {
    return new LocalDepartures(
        store,
        locks,
        parts,
        observer,
        cleaner,
        criu,
        containers,
        new ContainerSurvey(json),
        installation.podInit(),
        installation.podCommand(dirs));
  }

  @Override
  public Arrivals arrivals() {
    return new LocalArrivals(
        dirs,
        store,
        locks,
        parts,
        observer,
        cleaner,
        criu,
        host,
        json,
        installation.podInit(),
        clock);
  }
}
