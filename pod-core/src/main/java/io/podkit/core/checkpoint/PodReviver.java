package io.podkit.core.checkpoint;

import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodTree;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.lifecycle.PodCleaner;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.criu.Criu;
import io.podkit.criu.RestoreResult;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagingFs;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings a pod back from the files of a checkpoint. */
public final class PodReviver {
  private final Path run;
  private final PodStore store;
  private final PodParts parts;
  private final PodCleaner cleaner;
  private final CriuWorkers criu;
  private final Clock clock;

  /**
   * The reviver of one host.
   *
   * @param run the host's directory for what need not outlive a reboot
   */
  public PodReviver(
      Path run, PodStore store, PodParts parts, PodCleaner cleaner, CriuWorkers criu, Clock clock) {
    this.run = run;
    this.store = store;
    this.parts = parts;
    this.cleaner = cleaner;
    this.criu = criu;
    this.clock = clock;
  }

  /**
   * The caller holds the pod's lock; {@code record} has no processes. On failure the pod is as it
   * was.
   */
  PodRecord revive(PodRecord record, CheckpointFiles files) throws PodkitException {
    Path place = run.resolve("images").resolve("restore-" + record.name());
    try (UndoStack undo = new UndoStack("restore pod " + record.name());
        MemoryDirectory scratch = TmpfsDirectory.create(place)) {
      cleaner.giveBack(record);
      Files.deleteIfExists(parts.exitFile(record.name()));
      undo.push("give back what it holds", () -> cleaner.giveBack(record));
      MountedRoot root = files(record, files);
      root.detach();
      List<Path> covers = FormerContainer.prepare(record, root, parts, criu.podInit(), false);
      PodCgroup cgroup = parts.cgroup(record.name());
      cgroup.create(record.spec().limits());
      cgroup.lift();
      Optional<PodNetwork> network = parts.network(record);
      if (network.isPresent()) {
        network.get().prepare();
      }
      PodRestore hooks = new PodRestore(record, cgroup, network, store, () -> {}, clock);
      Criu restorer =
          criu.restorer(
              record.name(),
              cgroup.directories(),
              parts.exitFile(record.name()),
              scratch.sub("kdat"));
      RestoreResult result =
          restorer.restore(
              PodCriuOptions.restore(
                  record,
                  root,
                  covers,
                  files.images(),
                  store.directory(record.name()),
                  false,
                  null),
              hooks);
      CriuWorkers.letGo(result);
      @Nullable PodRecord running = hooks.running();
      if (running == null) {
        throw PodkitException.internal(
            "CRIU let pod " + record.name() + " run without asking", null);
      }
      hooks.announce();
      undo.commit();
      return running;
    } catch (IOException e) {
      throw PodkitException.io("cannot restore pod " + record.name(), e);
    }
  }

  private MountedRoot files(PodRecord record, CheckpointFiles files) throws PodkitException {
    StagingFs staging = parts.fileSystem().staging();
    if (files.has(PodTree.Kind.UPPER)) {
      // What the pod wrote after the checkpoint would not fit the memory that comes back.
      staging.remove(PodParts.stagingName(record.name()));
      staging.createEmpty(parts.staging(record));
      files.load(PodTree.Kind.UPPER, staging.upper(PodParts.stagingName(record.name())));
    }
    MountedRoot root = staging.mount(parts.staging(record));
    files.load(PodTree.Kind.DEV, root.dev());
    files.load(PodTree.Kind.SHM, root.shm());
    return root;
  }

  /**
   * Makes a pod known here that came in an archive, and brings it back.
   *
   * @param unpacked the archive's files, which become the pod's own checkpoint at {@code place}
   */
  PodRecord admit(PodRecord came, CheckpointFiles unpacked, CheckpointFiles place)
      throws PodkitException {
    if (store.find(came.name()).isPresent()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "a pod named " + came.name() + " exists already",
          new Hint("restore it under another name with --name, or remove the one that is here"));
    }
    PodRecord record =
        new PodRecord(
            came.schemaVersion(),
            came.id(),
            came.spec(),
            came.credentials(),
            PodState.CHECKPOINTED,
            came.created(),
            null,
            null,
            came.address(),
            came.layers(),
            null,
            came.origin());
    requireFreeAddress(record);
    try (UndoStack undo = new UndoStack("admit pod " + record.name())) {
      undo.push("erase it", () -> cleaner.erase(record));
      store.save(record);
      unpacked.replace(place);
      PodRecord running = revive(record, place);
      undo.commit();
      return running;
    }
  }

  private void requireFreeAddress(PodRecord record) throws PodkitException {
    for (PodRecord other : store.list()) {
      if (record.address() != null
          && other.address() != null
          && other.address().ipv4().equals(record.address().ipv4())) {
        throw PodkitException.of(
            ErrorKind.CONFLICT,
            "its address " + record.address().ipv4() + " belongs to pod " + other.name(),
            new Hint("a restored pod keeps its address: remove " + other.name() + " first"));
      }
    }
  }
}
