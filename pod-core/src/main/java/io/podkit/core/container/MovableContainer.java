package io.podkit.core.container;

import io.podkit.core.api.HostCheck;
import io.podkit.core.store.ContainerOrigin;
import io.podkit.core.store.EngineArchive;
import io.podkit.core.store.PodRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A container as a pod that could leave this host.
 *
 * @param record what its record would say while it leaves: on the engine's files, with its owner
 * @param traveller the same as the other host is to have it, without layers
 * @param image the engine's id of its image; empty without one
 * @param upper what it wrote
 * @param root its whole tree, where this host sees it
 * @param streams by inode of the pipe that leads to its monitor: the file that is to take its place
 * @param blockers what stands in the way; unless there is none, the rest may be guesses
 */
public record MovableContainer(
    PodRecord record,
    PodRecord traveller,
    String image,
    Path upper,
    Path root,
    Map<Long, String> streams,
    List<HostCheck> blockers) {
  public MovableContainer {
    streams = Map.copyOf(streams);
    blockers = List.copyOf(blockers);
  }

  /** The same as one that stays its engine's, whose monitor takes its output there, too. */
  public MovableContainer forEngine(EngineArchive archive) {
    return new MovableContainer(
        described(record, archive),
        described(traveller, archive),
        image,
        upper,
        root,
        Map.of(),
        blockers);
  }

  private static PodRecord described(PodRecord of, EngineArchive archive) {
    ContainerOrigin origin = Objects.requireNonNull(of.origin(), "it was a container");
    return of.withOrigin(origin.withArchive(archive));
  }
}
