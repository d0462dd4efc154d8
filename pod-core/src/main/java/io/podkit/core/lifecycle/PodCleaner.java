package io.podkit.core.lifecycle;

import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.StagingFs;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives back what a pod that has no processes any more still holds on this host. Every step is
 * idempotent.
 */
public final class PodCleaner {
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
      steps.push("unmount its root", () -> staging.unmount(PodParts.stagingName(record.name())));
      if (network.isPresent()) {
        steps.push("remove its cable", network.get()::remove);
      }
      steps.push("remove its control group", () -> parts.cgroup(record.name()).remove());
      steps.push("kill its processes", () -> parts.cgroup(record.name()).kill());
    }
  }

  /** As {@link #giveBack}, and removes its files and its record: the pod is unknown afterwards. */
  public void erase(PodRecord record) throws PodkitException {
    giveBack(record);
    store.delete(record.name());
    parts.fileSystem().staging().remove(PodParts.stagingName(record.name()));
    removeRest(store.directory(record.name()));
  }

  /** Small files beside the trees: exit.json, logs of CRIU. */
  private static void removeRest(Path directory) throws PodkitException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          removeRest(entry);
        } else {
          Files.delete(entry);
        }
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + directory, e);
    }
  }
}
