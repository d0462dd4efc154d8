package io.podkit.core.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.CheckpointReport;
import io.podkit.core.api.Checkpoints;
import io.podkit.core.api.FrozenSteps;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.container.AdoptedContainer;
import io.podkit.core.container.ContainerArchive;
import io.podkit.core.container.LocalContainers;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.resource.DurableFile;
import io.podkit.resource.HostLock;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checkpoints of this host's pods, each in its pod's own directory. */
public final class LocalCheckpoints implements Checkpoints {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String MIGRATION = "checkpoint";

  private final PodStore store;
  private final PodLocks locks;
  private final PodParts parts;
  private final PodObserver observer;
  private final LocalDepartures departures;
  private final PodReviver reviver;
  private final LocalContainers containers;
  private final ObjectMapper json;

  /** The checkpoints of one host. */
  public LocalCheckpoints(
      PodStore store,
      PodLocks locks,
      PodParts parts,
      PodObserver observer,
      LocalDepartures departures,
      PodReviver reviver,
      LocalContainers containers,
      ObjectMapper json) {
    this.store = store;
    this.locks = locks;
    this.parts = parts;
    this.observer = observer;
    this.departures = departures;
    this.reviver = reviver;
    this.containers = containers;
    this.json = json;
  }

  private CheckpointFiles files(PodName name, String directory) {
    return new CheckpointFiles(store.directory(name).resolve(directory), parts.fileSystem());
  }

  @Override
  public CheckpointReport checkpoint(PodName name, boolean leaveRunning, @Nullable Path file)
      throws PodkitException {
    Optional<AdoptedContainer> adopted = containers.adopted(store, name);
    if (adopted.isPresent()) {
      try (HostLock lock = locks.acquire(name, PATIENCE)) {
        return new ContainerArchive(json).write(adopted.get(), leaveRunning, file);
      }
    }
    long began = System.nanoTime();
    CheckpointFiles fresh = files(name, "checkpoint.new");
    FrozenTime frozen = new FrozenTime();
    boolean whole = leaveRunning || file != null;
    try (LocalDeparture pod = departures.beginPod(name, MIGRATION);
        UndoStack undo = new UndoStack("checkpoint pod " + name)) {
      undo.push("remove the unfinished checkpoint", fresh::delete);
      fresh.create();
      pod.checkpoint(
          fresh.images(), store.directory(name), leaveRunning, steps(pod, fresh, whole, frozen));
      CheckpointFiles kept = files(name, "checkpoint");
      fresh.replace(kept);
      if (!leaveRunning) {
        pod.checkpointed();
      }
      undo.commit();
      if (file != null) {
        kept.pack(file);
      }
      Path location = file == null ? kept.directory() : file;
      long bytes = file == null ? kept.size() : Files.size(file);
      Duration total = Duration.ofNanos(System.nanoTime() - began);
      return new CheckpointReport(name, location, frozen.duration(), total, bytes);
    } catch (IOException e) {
      throw PodkitException.io("cannot measure the checkpoint of pod " + name, e);
    }
  }

  /** How long a pod stood still: until its trees are saved, or until CRIU is done with it. */
  private static final class FrozenTime {
    private long from;
    private long to;

    Duration duration() {
      return Duration.ofNanos(to - from);
    }
  }

  private FrozenSteps steps(
      LocalDeparture pod, CheckpointFiles files, boolean whole, FrozenTime frozen) {
    return new FrozenSteps() {
      @Override
      public void stopping() {
        frozen.from = System.nanoTime();
      }

      @Override
      public void frozen() {}

      @Override
      public void written() throws PodkitException {
        for (PodTree tree : pod.trees()) {
          if (whole || tree.kind() != PodTree.Kind.UPPER) {
            files.save(tree);
          }
        }
        try {
          byte[] record = pod.record(pod.pod().layers());
          DurableFile.write(files.directory().resolve(CheckpointFiles.RECORD), record);
        } catch (IOException e) {
          throw PodkitException.io("cannot write the record of the checkpoint", e);
        }
        frozen.to = System.nanoTime();
      }
    };
  }

  @Override
  public PodStatus restore(PodName name) throws PodkitException {
    try (HostLock lock = locks.acquire(name, PATIENCE)) {
      PodRecord record = store.get(name);
      PodState state = observer.state(record);
      CheckpointFiles files = files(name, "checkpoint");
      boolean restorable =
          state == PodState.CHECKPOINTED
              || (state == PodState.EXITED && files.has(PodTree.Kind.UPPER));
      if (!restorable || !Files.isDirectory(files.images())) {
        throw PodkitException.of(
            ErrorKind.CONFLICT,
            "cannot restore pod "
                + name
                + ": it is "
                + state
                + " and has no checkpoint to go back to",
            new Hint("make one with pod checkpoint " + name));
      }
      PodRecord startable =
          record.state() == PodState.RUNNING ? record.in(PodState.EXITED) : record;
      return observer.observe(reviver.revive(startable, files));
    }
  }

  @Override
  public PodStatus restoreFrom(Path file, @Nullable PodName as) throws PodkitException {
    if (!Files.isRegularFile(file)) {
      throw PodkitException.notFound("there is no checkpoint archive " + file);
    }
    PodName temporary = new PodName("restore-" + ProcessHandle.current().pid());
    Path scratch = store.directory(temporary).resolve("unpacked");
    CheckpointFiles unpacked = new CheckpointFiles(scratch, parts.fileSystem());
    // Without the first a sweep would take it for the remains of a command that died; without the
    // second the layers could be pruned before a record names them.
    try (HostLock working = locks.acquire(temporary, PATIENCE);
        LayerStore.Hold hold = parts.fileSystem().layers().hold();
        UndoStack undo = new UndoStack("restore " + file)) {
      undo.push("remove what was unpacked", () -> deleteScratch(unpacked));
      unpacked.create();
      unpacked.unpack(file);
      PodRecord record = read(unpacked, file);
      PodRecord named = as == null ? record : record.on(record.spec().renamed(as), record.layers());
      requireLayers(named, file);
      try (HostLock lock = locks.acquire(named.name(), PATIENCE)) {
        return observer.observe(reviver.admit(named, unpacked, files(named.name(), "checkpoint")));
      }
    }
  }

  private static void deleteScratch(CheckpointFiles unpacked) throws PodkitException, IOException {
    unpacked.delete();
    Files.deleteIfExists(unpacked.directory().getParent());
  }

  private PodRecord read(CheckpointFiles files, Path file) throws PodkitException {
    try {
      byte[] bytes = Files.readAllBytes(files.directory().resolve(CheckpointFiles.RECORD));
      PodRecord record = store.decode(bytes, file.toString());
      if (!record.id().matches("[0-9a-f]{12}") || !FormerContainer.mayArrive(record)) {
        throw PodkitException.refused(file + " holds a record that no pod has");
      }
      TravellingRecord.requireAddresses(record, file.toString(), ErrorKind.REFUSED);
      return record;
    } catch (IOException e) {
      throw new PodkitException(
          ErrorKind.USAGE,
          file + " is not a checkpoint that pod made of a pod: it has no record",
          new Hint(
              "one of a container goes back to its engine: podman container restore -i " + file),
          e);
    }
  }

  private void requireLayers(PodRecord record, Path file) throws PodkitException {
    for (String text : record.layers()) {
      if (!parts.fileSystem().layers().has(LayerDigest.parse(text))) {
        throw PodkitException.of(
            ErrorKind.NOT_FOUND,
            "cannot restore " + file + ": layer " + text + " is not on this host",
            new Hint("import the image " + record.spec().source() + " first"));
      }
    }
  }
}
