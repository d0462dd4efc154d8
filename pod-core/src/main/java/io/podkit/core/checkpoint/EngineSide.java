package io.podkit.core.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.HostCheck;
import io.podkit.core.container.LocalContainerHook;
import io.podkit.core.engine.ContainerForecast;
import io.podkit.core.engine.EngineRestore;
import io.podkit.core.engine.PodmanHost;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.network.NetworkNamespaces;
import io.podkit.core.store.EngineArchive;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What containers that come to an engine of this host have in common: the engine, their networks,
 * and what is known of them here while they come. Thread-safe.
 */
final class EngineSide {
  /** As long as CRIU may take to destroy what it has built. */
  private static final Duration END = Duration.ofSeconds(30);

  private final HostDirs dirs;
  private final PodStore store;
  private final PodParts parts;
  private final PodObserver observer;
  private final PodCleaner cleaner;
  private final CriuWorkers criu;
  private final NetworkNamespaces networks;
  private final ObjectMapper json;
  private final Path podInit;
  private final Clock clock;

  EngineSide(
      HostDirs dirs,
      PodStore store,
      PodParts parts,
      PodObserver observer,
      PodCleaner cleaner,
      CriuWorkers criu,
      ObjectMapper json,
      Path podInit,
      Clock clock) {
    this.dirs = dirs;
    this.store = store;
    this.parts = parts;
    this.observer = observer;
    this.cleaner = cleaner;
    this.criu = criu;
    networks = new NetworkNamespaces(dirs);
    this.json = json;
    this.podInit = podInit;
    this.clock = clock;
  }

  PodStore store() {
    return store;
  }

  PodParts parts() {
    return parts;
  }

  PodObserver observer() {
    return observer;
  }

  CriuWorkers criu() {
    return criu;
  }

  NetworkNamespaces networks() {
    return networks;
  }

  Clock clock() {
    return clock;
  }

  private PodmanHost podman() throws PodkitException {
    return PodmanHost.of(dirs, json);
  }

  /** What keeps the engine from taking it. */
  List<HostCheck> blockers(PodRecord record, EngineArchive archive) throws PodkitException {
    return new ContainerForecast(podman(), json).blockers(record.name(), archive);
  }

  /**
   * Has the engine begin.
   *
   * @param files an empty directory
   * @param programs a directory on a disk: file systems in memory of ours do not execute
   */
  EngineRestore begin(PodRecord record, Path network, Path files, Path programs)
      throws PodkitException {
    String migration = Objects.requireNonNull(record.migration(), "it comes by a migration");
    // A socket's name is short, a pod's may be long.
    Path socket = dirs.run().resolve("gate-" + record.id());
    return EngineRestore.begin(
        podman(),
        Objects.requireNonNull(record.archive(), "an engine is to have it"),
        record.name(),
        migration,
        network,
        new EngineRestore.Places(
            files, programs.resolve("engine-bin"), socket, podInit, LocalContainerHook.call(dirs)),
        json);
  }

  /** Networks of containers that the engine has removed since; a stopped one keeps its own. */
  void sweepNetworks() throws PodkitException {
    for (String migration : networks.list()) {
      if (podman().of(migration).isEmpty()) {
        networks.remove(migration);
      }
    }
  }

  /** It is the engine's: what is left of it here is a name. */
  void handOver(PodRecord record) throws PodkitException {
    store.delete(record.name());
    cleaner.eraseRemains(record.name());
  }

  /** It never ran here. */
  void erase(PodRecord record) throws PodkitException {
    String migration = Objects.requireNonNull(record.migration(), "it came by a migration");
    EngineRestore.remove(podman(), migration);
    cleaner.erase(record); // its cable, too
    networks.remove(migration);
  }

  /**
   * Clears up what a dead process left of a container that was coming here.
   *
   * @param record as it was found
   * @param migration the one it came by
   * @return whether it was let run
   */
  boolean settle(PodRecord record, String migration) throws PodkitException {
    PodmanHost podman = podman();
    // Until the engine's restore has ended, which lost us, CRIU may still destroy the container.
    EngineRestore.awaitOrphans(dirs.run().resolve("images").resolve(migration), END);
    criu.awaitOrphans(store.directory(record.name()));
    boolean ran = observer.isAlive(record);
    for (String id : podman.of(migration)) {
      ran |= record.init() != null && podman.hasRun(id, json);
    }
    if (ran) {
      handOver(record);
    } else {
      erase(record.withMigration(migration));
    }
    return ran;
  }
}
