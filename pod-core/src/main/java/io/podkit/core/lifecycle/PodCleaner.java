package io.podkit.core.lifecycle;

import io.podkit.core.api.PodName;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.StagingFs;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives back what a pod that has no processes any more still holds on this host. Every step is
 * idempotent.
 */
public final class PodCleaner {
  /** The monitor writes one file and renames it: it can get in the way twice. */
  private static final int ATTEMPTS = 10;

  private final PodStore store;
  private final PodParts parts;

  public PodCleaner(PodStore store, PodParts parts) {
    this.store = store;
    this.parts = parts;
  }

  /**
   * Kills what is left of the pod and gives back its control group, cable and mounts; its files
   * stay.
   */
  public void giveBack(PodRecord record) throws PodkitException {
    StagingFs staging = parts.fileSystem().staging();
    Optional<PodNetwork> network = parts.network(record);
    // Not to undo anything: every step is to be tried, in reverse order, even if another fails.
    try (UndoStack steps = new UndoStack("clean up after pod " + record.name())) {
      steps.push("owe nothing", () -> BorrowedMemory.forget(store.directory(record.name())));
      steps.push("unmount its root", () -> staging.unmount(PodParts.stagingName(record.name())));
      if (network.isPresent()) {
        steps.push("remove its cable", network.get()::remove);
      }
      steps.push("remove its control group", () -> parts.cgroup(record.name()).remove());
      steps.push("kill its processes", () -> parts.cgroup(record.name()).kill());
    }
  }

  /**
   * As {@link #giveBack}, and removes its files and its record: the pod is unknown afterwards. The
   * record goes after what it stands for, so that a crash in between leaves a pod that can be
   * erased again.
   */
  public void erase(PodRecord record) throws PodkitException {
    giveBack(record);
    parts.volumes().incoming().settle(record);
    parts.volumes().taken().forget(record);
    parts.fileSystem().staging().remove(PodParts.stagingName(record.name()));
    store.delete(record.name());
    removeRest(store.directory(record.name()));
  }

  /**
   * Removes the files and mounts of a pod that has no record: a command died that was making or
   * removing it. The caller holds its lock; does nothing if there is nothing.
   */
  public void eraseRemains(PodName name) throws PodkitException {
    parts.fileSystem().staging().remove(PodParts.stagingName(name));
    removeRest(store.directory(name));
  }

  /**
   * Small files beside the trees: exit.json, logs of CRIU. The pod's monitor may be writing the
   * first of them in this very moment; it cannot any more once the directory is gone.
   */
  private static void removeRest(Path directory) throws PodkitException {
    for (int attempt = 1; ; attempt++) {
      try {
        removeTree(directory);
        return;
      } catch (NoSuchFileException | DirectoryNotEmptyException e) {
        if (attempt == ATTEMPTS) {
          throw PodkitException.io("cannot remove " + directory, e);
        }
      } catch (IOException e) {
        throw PodkitException.io("cannot remove " + directory, e);
      }
    }
  }

  private static void removeTree(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          removeTree(entry);
        } else {
          Files.delete(entry);
        }
      }
    }
    Files.delete(directory);
  }
}
