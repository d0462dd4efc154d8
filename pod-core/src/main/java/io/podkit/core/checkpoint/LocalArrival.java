package io.podkit.core.checkpoint;

import io.podkit.core.api.Arrival;
import io.podkit.core.api.FillingPod;
import io.podkit.core.api.HoldGate;
import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.UserNamespace;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.lifecycle.BorrowedMemory;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.criu.Criu;
import io.podkit.criu.CriuOptions;
import io.podkit.criu.UserfaultGrant;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagedMounts;
import io.podkit.resource.HostLock;
import io.podkit.resource.UndoStack;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pod on its way in. Until its record says RUNNING, closing erases it. */
final class LocalArrival implements Arrival {
  private static final Logger LOG = LoggerFactory.getLogger(LocalArrival.class);
  private static final String UPPER = "upper";
  private static final String DEV = "dev";
  private static final String SHM = "shm";

  private final PodRecord record;
  private final PodStore store;
  private final PodParts parts;
  private final PodObserver observer;
  private final PodCleaner cleaner;
  private final CriuWorkers criu;
  private final HostLock lock;
  private final MemoryDirectory memory;
  private final Clock clock;
  private @Nullable StagedMounts staged;
  private boolean running;
  private boolean filling;
  private boolean closed;

  /** A pod whose record says ARRIVING and whose directories are made. */
  LocalArrival(
      PodRecord record,
      PodStore store,
      PodParts parts,
      PodObserver observer,
      PodCleaner cleaner,
      CriuWorkers criu,
      HostLock lock,
      MemoryDirectory memory,
      Clock clock) {
    this.record = record;
    this.store = store;
    this.parts = parts;
    this.observer = observer;
    this.cleaner = cleaner;
    this.criu = criu;
    this.lock = lock;
    this.memory = memory;
    this.clock = clock;
  }

  @Override
  public PodName name() {
    return record.name();
  }

  @Override
  public PodTree tree(String label) throws PodkitException {
    Optional<Path> volume = parts.volumes().incoming().tree(record, label);
    if (volume.isPresent()) {
      return new PodTree(PodTree.Kind.VOLUME, label, volume.get());
    }
    switch (label) {
      case UPPER -> {
        return new PodTree(
            PodTree.Kind.UPPER,
            UPPER,
            parts.fileSystem().staging().upper(PodParts.stagingName(name())));
      }
      case DEV -> {
        return new PodTree(PodTree.Kind.DEV, DEV, staged().dev());
      }
      case SHM -> {
        return new PodTree(PodTree.Kind.SHM, SHM, staged().shm());
      }
      default ->
          throw PodkitException.of(
              ErrorKind.PEER, "the source sent a tree that nobody expects: " + label);
    }
  }

  private StagedMounts staged() throws PodkitException {
    if (staged == null) {
      List<Path> volumes = parts.volumes().incoming().seen(record);
      staged = parts.fileSystem().staging().mountDevices(parts.staging(record).seeing(volumes));
    }
    return staged;
  }

  /** Its upper directory may not change any more beneath the overlay. */
  private MountedRoot mounted() throws PodkitException {
    MountedRoot root = staged().complete();
    root.detach(); // given back by the cleaner, like that of a running pod
    return root;
  }

  @Override
  public Path images() {
    return memory.existing("images");
  }

  @Override
  public void warmUp() throws PodkitException {
    PodCgroup cgroup = parts.cgroup(name());
    cgroup.create(record.spec().limits());
    cgroup.lift();
    Optional<PodNetwork> network = parts.network(record);
    if (network.isPresent()) {
      network.get().prepare();
    }
    criu.warmUp(memory.sub("kdat"));
  }

  @Override
  public Path work() {
    return store.directory(name());
  }

  @Override
  public Path scratch(String directory) throws PodkitException {
    return memory.sub(directory);
  }

  @Override
  public PodProcesses processes() throws PodkitException {
    return new CgroupProcesses(parts.cgroup(name()));
  }

  @Override
  public PodStatus restore(HoldGate gate) throws PodkitException {
    PodStatus status = restore(gate, false);
    memory.close(); // at once: whoever dies from here on must not leave the pod's memory behind
    return status;
  }

  @Override
  public PodStatus restoreLazily(HoldGate gate) throws PodkitException {
    PodStatus status = restore(gate, true);
    filling = true;
    return status;
  }

  @Override
  public void filled() throws PodkitException {
    filling = false;
    memory.close();
  }

  @Override
  public FillingPod borrow(String source) throws PodkitException {
    return new LocalFillingPod(
        name(), BorrowedMemory.note(name(), store.directory(name()), source), memory);
  }

  private PodStatus restore(HoldGate gate, boolean lazily) throws PodkitException {
    MountedRoot tree = mounted();
    List<Path> covers =
        FormerContainer.prepare(
            record, tree, parts, criu.podInit(), FormerContainer.isFirstArrival(record));
    PodCgroup cgroup = parts.cgroup(name());
    HoldGate placing =
        () -> {
          gate.held();
          // It is ours now, and not recorded as running: a record of that finds its volumes there.
          parts.volumes().incoming().place(record);
        };
    PodRestore hooks = new PodRestore(record, cgroup, parts.network(record), store, placing, clock);
    Criu restorer =
        criu.restorer(name(), cgroup.directories(), parts.exitFile(name()), memory.sub("kdat"));
    CriuOptions options =
        PodCriuOptions.restore(
            record, tree, covers, images(), work(), lazily, lazily ? grant() : null);
    try {
      CriuWorkers.letGo(restorer.restore(options, hooks));
    } catch (PodkitException e) {
      if (!ranAnyway(hooks)) {
        throw e;
      }
      LOG.warn("pod {} runs, but its restore did not end as it should", name(), e);
    }
    PodRecord now = hooks.running();
    if (now == null) {
      throw PodkitException.internal("CRIU let pod " + name() + " run without asking", null);
    }
    running = true;
    announce(hooks);
    return observer.observe(now);
  }

  /** Tasks in the host's user namespace need none, and would keep the device. */
  private @Nullable UserfaultGrant grant() throws PodkitException {
    boolean own = record.spec().userns() != UserNamespace.HOST;
    return own ? criu.userfaults(images()) : null;
  }

  /**
   * Whether the pod was let run although its restore has failed. CRIU has ended by then: what it
   * had not let run it has destroyed. What runs must not be undone any more.
   */
  private boolean ranAnyway(PodRestore hooks) throws PodkitException {
    return hooks.running() != null && observer.isAlive(hooks.running());
  }

  private void announce(PodRestore hooks) {
    try {
      hooks.announce();
    } catch (PodkitException e) {
      // The pod's next packet tells the segment the same.
      LOG.warn("cannot announce pod {}", name(), e);
    }
  }

  @Override
  public void close() throws PodkitException {
    if (closed) {
      return;
    }
    closed = true;
    // Each step is tried whatever the others do; the lock goes last.
    try (UndoStack steps = new UndoStack("end the arrival of pod " + name())) {
      steps.push("unlock", lock::close);
      if (!running) {
        steps.push("erase it", () -> cleaner.erase(record));
      } else {
        steps.push(
            "remove what its volumes replaced", () -> parts.volumes().incoming().finish(record));
      }
      // Before the record goes: whoever dies in between leaves something to recover.
      if (!filling) {
        steps.push("free the images", memory::close);
      }
    }
  }
}
