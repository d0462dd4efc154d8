package io.podkit.core.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.Arrival;
import io.podkit.core.api.ArrivalForecast;
import io.podkit.core.api.Arrivals;
import io.podkit.core.api.FillingPod;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.HostInspector;
import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.lifecycle.BorrowedMemory;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.EngineArchive;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.core.volume.VolumeForecast;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.StagingFs;
import io.podkit.resource.HostLock;
import io.podkit.resource.UndoStack;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The pods that come to this host. What a source sends is a stranger's word until it is checked
 * here.
 */
public final class LocalArrivals implements Arrivals {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HostDirs dirs;
  private final PodStore store;
  private final PodLocks locks;
  private final PodParts parts;
  private final PodObserver observer;
  private final PodCleaner cleaner;
  private final CriuWorkers workers;
  private final HostInspector host;
  private final EngineSide engine;
  private final Clock clock;

  /** The pods of one host. */
  public LocalArrivals(
      HostDirs dirs,
      PodStore store,
      PodLocks locks,
      PodParts parts,
      PodObserver observer,
      PodCleaner cleaner,
      CriuWorkers workers,
      HostInspector host,
      ObjectMapper json,
      Path podInit,
      Clock clock) {
    this.dirs = dirs;
    this.store = store;
    this.locks = locks;
    this.parts = parts;
    this.observer = observer;
    this.cleaner = cleaner;
    this.workers = workers;
    this.host = host;
    this.clock = clock;
    engine = new EngineSide(dirs, store, parts, observer, cleaner, workers, json, podInit, clock);
  }

  @Override
  public PodStatus read(byte[] record) throws PodkitException {
    return observer.observe(decode(record));
  }

  private PodRecord decode(byte[] bytes) throws PodkitException {
    PodRecord record;
    try {
      record = store.decode(bytes, "the source's message");
    } catch (PodkitException e) {
      throw new PodkitException(ErrorKind.PEER, e.what(), e.hint(), e);
    }
    if (record.state() != PodState.ARRIVING
        || record.init() != null
        || record.migration() == null
        || record.layers().isEmpty() == (record.archive() == null)
        || !record.id().matches("[0-9a-f]{12}")
        || record.spec().command().isEmpty()
        || !FormerContainer.mayArrive(record)) {
      throw PodkitException.of(
          ErrorKind.PEER, "the source sent a record of a pod that cannot arrive");
    }
    TravellingRecord.requireAddresses(record, "the source's message", ErrorKind.PEER);
    for (String layer : record.layers()) {
      try {
        LayerDigest.parse(layer);
      } catch (IllegalArgumentException e) {
        throw PodkitException.peer("the source sent a layer without a proper digest", e);
      }
    }
    return record;
  }

  @Override
  public ArrivalForecast forecast(
      byte[] record, long memoryBytes, long diskBytes, List<VolumeOffer> volumes, boolean replace)
      throws PodkitException {
    PodRecord pod = decode(record);
    awaitGivenUp(pod.name());
    Map<String, PodRecord> present = new TreeMap<>();
    for (PodRecord other : store.list()) {
      present.put(other.name().value(), other);
    }
    List<HostCheck> found =
        new ArrivalCheck(parts.networkConfig(), host.facts(), present)
            .blockers(pod, memoryBytes, diskBytes);
    EngineArchive archive = pod.archive();
    if (archive != null) {
      found.addAll(engine.blockers(pod, archive));
    }
    List<VolumeFate> fates = new ArrayList<>();
    VolumeForecast forecast = parts.volumes().forecast();
    for (VolumeOffer volume : volumes) {
      fates.add(forecast.of(pod, volume, replace, found));
    }
    return new ArrivalForecast(found, fates);
  }

  /**
   * Whoever tries again at once after a failure must not stumble over what is just being erased.
   */
  private void awaitGivenUp(PodName name) throws PodkitException {
    Optional<PodRecord> here = store.find(name);
    if (here.isPresent() && here.get().state() == PodState.ARRIVING) {
      locks.acquire(name, PATIENCE).close();
    }
  }

  @Override
  public Arrival prepare(byte[] bytes, String migration, List<VolumeFate> volumes)
      throws PodkitException {
    PodRecord record = decode(bytes);
    if (!migration.equals(record.migration())) {
      throw PodkitException.of(ErrorKind.PEER, "the source sent a record of another migration");
    }
    PodName name = record.name();
    StagingFs staging = parts.fileSystem().staging();
    try (UndoStack undo = new UndoStack("receive pod " + name)) {
      HostLock lock = locks.acquire(name, PATIENCE);
      undo.push("unlock it", lock::close);
      if (store.find(name).isPresent()) {
        throw PodkitException.conflict("a pod named " + name + " is here already");
      }
      cleaner.eraseRemains(name);
      undo.push("erase it", () -> cleaner.erase(record));
      store.save(record);
      if (record.archive() != null) {
        MemoryDirectory memory = memoryFor(migration, undo);
        ContainerArrival container = ContainerArrival.prepare(record, engine, lock, memory);
        undo.commit();
        return container;
      }
      staging.createEmpty(parts.staging(record));
      parts.volumes().incoming().begin(record, volumes);
      MemoryDirectory memory = memoryFor(migration, undo);
      undo.commit();
      return new LocalArrival(
          record, store, parts, observer, cleaner, workers, lock, memory, clock);
    }
  }

  private MemoryDirectory memoryFor(String migration, UndoStack undo) throws PodkitException {
    MemoryDirectory memory = TmpfsDirectory.create(memory(migration));
    undo.push("free the images", memory::close);
    memory.sub("images");
    return memory;
  }

  @Override
  public void tidy(PodName name) throws PodkitException {
    HostLock lock = locks.tryAcquire(name);
    if (lock == null) {
      return; // whoever has it tidies up at the end
    }
    try (lock) {
      Optional<PodRecord> record = store.find(name);
      if (record.isPresent() && record.get().archive() != null) {
        if (record.get().state() == PodState.RUNNING) {
          engine.handOver(record.get());
        }
      } else if (record.isPresent() && record.get().state() != PodState.ARRIVING) {
        parts.volumes().incoming().finish(record.get());
      }
    }
  }

  private Path memory(String migration) {
    return dirs.run().resolve("images").resolve(migration);
  }

  @Override
  public FillingPod resume(PodName name, String migration) throws PodkitException {
    return new LocalFillingPod(
        name,
        BorrowedMemory.claim(name, store.directory(name)),
        TmpfsDirectory.at(memory(migration)));
  }

  @Override
  public Optional<PodStatus> settle(PodName name, String migration) throws PodkitException {
    HostLock lock = locks.tryAcquire(name);
    if (lock == null) {
      throw PodkitException.conflict("pod " + name + " is in a migration that is still at work");
    }
    try (lock) {
      Optional<PodRecord> found = store.find(name);
      if (!BorrowedMemory.isNoted(store.directory(name))) {
        TmpfsDirectory.remove(memory(migration));
      }
      if (found.isEmpty()) {
        return Optional.empty();
      }
      PodRecord record = found.get();
      if (record.archive() != null) {
        if (record.state() == PodState.ARRIVING && !migration.equals(record.migration())) {
          return Optional.empty();
        }
        PodStatus status = observer.observe(record);
        return engine.settle(record, migration) ? Optional.of(status) : Optional.empty();
      }
      if (record.state() == PodState.ARRIVING) {
        if (migration.equals(record.migration())) {
          erase(record, migration);
        }
        return Optional.empty();
      }
      if (record.state() == PodState.RUNNING) {
        // Until its CRIU has ended, which lost its command, it may still destroy the pod.
        workers.awaitOrphans(store.directory(name));
      }
      boolean ran = observer.isAlive(record) || observer.exitCode(record).isPresent();
      if (ran || record.state() != PodState.RUNNING) {
        parts.volumes().incoming().finish(record);
        return Optional.of(observer.observe(record));
      }
      // Recorded as running, yet dead without a witnessed end: CRIU destroyed it before its first
      // instruction.
      erase(record, migration);
      return Optional.empty();
    }
  }

  /** Memory that was noted to be elsewhere kept what was here of it: it goes with the note. */
  private void erase(PodRecord record, String migration) throws PodkitException {
    cleaner.giveBack(record);
    parts.volumes().incoming().undo(record); // whatever the record says: it never ran here
    cleaner.erase(record);
    TmpfsDirectory.remove(memory(migration));
  }
}
