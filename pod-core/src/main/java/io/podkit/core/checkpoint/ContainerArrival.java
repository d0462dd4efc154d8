package io.podkit.core.checkpoint;

import io.podkit.core.api.Arrival;
import io.podkit.core.api.FillingPod;
import io.podkit.core.api.HoldGate;
import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.engine.EngineRestore;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.PodRecord;
import io.podkit.criu.CriuOptions;
import io.podkit.criu.HeldRestore;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.resource.HostLock;
import io.podkit.resource.UndoStack;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container on its way to an engine of this host, which has made everything for it but its
 * processes and waits. Its record is a pod's until the engine has it: closing then removes the
 * record, or, if it was never let run, every trace of it. See docs/adr/0021.
 */
final class ContainerArrival implements Arrival {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerArrival.class);
  private static final String DEV = "engine-dev";

  private final PodRecord record;
  private final EngineSide side;
  private final EngineRestore engine;
  private final Map<String, Path> empty;
  private final Path network;
  private final HostLock lock;
  private final MemoryDirectory memory;
  private @Nullable PodRecord running;
  private boolean filling;
  private boolean closed;

  /**
   * @param network the namespace that the container is in
   * @param empty what covers its covered places
   */
  private ContainerArrival(
      PodRecord record,
      EngineSide side,
      EngineRestore engine,
      Map<String, Path> empty,
      Path network,
      HostLock lock,
      MemoryDirectory memory) {
    this.record = record;
    this.side = side;
    this.engine = engine;
    this.empty = empty;
    this.network = network;
    this.lock = lock;
    this.memory = memory;
  }

  /**
   * Has the engine make it. On failure nothing is left but what the caller made.
   *
   * @param record saved as ARRIVING
   * @param lock of its name; taken over
   * @param memory taken over
   */
  static ContainerArrival prepare(
      PodRecord record, EngineSide side, HostLock lock, MemoryDirectory memory)
      throws PodkitException {
    String migration = Objects.requireNonNull(record.migration(), "it comes by a migration");
    try (UndoStack undo = new UndoStack("have an engine take container " + record.name())) {
      side.sweepNetworks();
      Path network = side.networks().create(migration);
      undo.push("remove its network", () -> side.networks().remove(migration));
      Optional<PodNetwork> cable = side.parts().network(record);
      if (cable.isPresent()) {
        undo.push("remove its cable", cable.get()::remove);
        cable.get().prepare();
        cable.get().connect(network);
      } else {
        PodNetwork.loopback(network);
      }
      EngineCovers.makeDev(memory.sub(DEV));
      EngineRestore engine =
          side.begin(record, network, memory.sub("engine"), side.store().directory(record.name()));
      undo.push("have the engine forget it", engine::close);
      Map<String, Path> empty =
          EngineCovers.make(
              Objects.requireNonNull(record.origin(), "it was a container").covers(),
              engine.mounts(),
              memory.sub("covers"));
      undo.commit();
      return new ContainerArrival(record, side, engine, empty, network, lock, memory);
    }
  }

  @Override
  public PodName name() {
    return record.name();
  }

  @Override
  public PodTree tree(String label) throws PodkitException {
    return switch (label) {
      case "upper" -> new PodTree(PodTree.Kind.UPPER, label, engine.upper());
      case "dev" -> new PodTree(PodTree.Kind.DEV, label, memory.existing(DEV));
      case "shm" -> new PodTree(PodTree.Kind.SHM, label, shm());
      default ->
          throw PodkitException.of(
              ErrorKind.PEER, "the source sent a tree that nobody expects: " + label);
    };
  }

  private Path shm() throws PodkitException {
    Path shm = engine.mounts().get("/dev/shm");
    if (shm == null) {
      throw PodkitException.unsupported(
          "podman gives container " + name() + " no /dev/shm here",
          new Hint("use the same version of podman on both hosts"));
    }
    return shm;
  }

  @Override
  public Path images() {
    return memory.existing("images");
  }

  /** The engine has done all else when it was asked to restore. */
  @Override
  public void warmUp() throws PodkitException {
    side.criu().warmUp(memory.sub("kdat"));
  }

  @Override
  public Path work() {
    return side.store().directory(name());
  }

  @Override
  public Path scratch(String directory) throws PodkitException {
    return memory.sub(directory);
  }

  @Override
  public PodProcesses processes() throws PodkitException {
    PodRecord now = Objects.requireNonNull(running, "it is held");
    long pid = Objects.requireNonNull(now.init(), "it has processes").pid();
    return new CgroupProcesses(side.parts().foreignCgroup(pid));
  }

  @Override
  public PodStatus restore(HoldGate gate) throws PodkitException {
    PodStatus status = restore(gate, false);
    memory.close();
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

  /** Refused before: while memory stays behind, the engine could not be told to leave it alone. */
  @Override
  public FillingPod borrow(String source) throws PodkitException {
    throw PodkitException.unsupported(
        "memory cannot follow a container that becomes podman's",
        new Hint("move it with --strategy pre-copy or stop-copy"));
  }

  private PodStatus restore(HoldGate gate, boolean lazily) throws PodkitException {
    CriuOptions options =
        EngineCriuOptions.restore(
            record,
            engine.mounts(),
            memory.existing(DEV),
            empty,
            images(),
            work(),
            lazily ? side.criu().userfaults(images()) : null);
    engine.refresh();
    HeldRestore held = engine.held();
    held.begin(options, CriuWorkers.knowsElsewhere() ? memory.sub("kdat") : null);
    long pid = held.awaitHeld().value();
    PodRecord next = record.running(ProcessIdentities.identify(pid), side.clock().instant());
    running = next;
    try {
      gate.held();
      side.store().save(next);
      Optional<PodNetwork> cable = side.parts().network(record);
      if (cable.isPresent()) {
        cable.get().plug(); // before sockets leave repair mode, as with a pod
      }
      held.go();
    } catch (PodkitException e) {
      running = null;
      throw e;
    }
    engine.runs();
    conclude(held);
    return side.observer().observe(next);
  }

  /** It runs; nothing that fails here may be taken for a failure of the move. */
  private void conclude(HeldRestore held) {
    try {
      held.awaitEnd();
      Optional<PodNetwork> cable = side.parts().network(record);
      if (cable.isPresent()) {
        cable.get().announce(network);
      }
    } catch (PodkitException e) {
      LOG.warn("container {} runs, but its restore did not end as it should", name(), e);
    }
  }

  @Override
  public void close() throws PodkitException {
    if (closed) {
      return;
    }
    closed = true;
    // Each step is tried whatever the others do; the lock goes last.
    try (UndoStack steps = new UndoStack("end the arrival of container " + name())) {
      steps.push("unlock", lock::close);
      if (running == null) {
        steps.push("erase it", () -> side.erase(record));
      } else {
        steps.push("leave it to the engine", () -> side.handOver(record));
      }
      if (!filling) {
        steps.push("free the images", memory::close);
      }
      steps.push("end with the engine", engine::close);
    }
  }
}
