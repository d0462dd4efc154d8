package io.podkit.core.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pod keeps of the container that it was.
 *
 * @param owner the engine whose container it still is while it leaves that host; null anywhere else
 * @param covers what an engine covers with nothing, or shows of its host: as mounts they are the
 *     pod's for good, because its processes were dumped with them
 * @param archive what its engine wrote of it, if it is to be an engine's container again where it
 *     goes, and never a pod; null otherwise
 * @param settled true if it was a pod on another host before: what it has in {@code /.pod} is then
 *     Podkit's, and was not brought by the container
 */
public record ContainerOrigin(
    @Nullable EngineContainer owner,
    List<CoveredPath> covers,
    @Nullable EngineArchive archive,
    @Nullable Boolean settled) {
  public ContainerOrigin {
    covers = List.copyOf(covers);
  }

  /** Of a container that becomes a pod. */
  public ContainerOrigin(@Nullable EngineContainer owner, List<CoveredPath> covers) {
    this(owner, covers, null, null);
  }

  /** Of one that stays a container. */
  public ContainerOrigin withArchive(EngineArchive value) {
    return new ContainerOrigin(owner, covers, value, settled);
  }

  /** The same in other words of its engine. */
  public ContainerOrigin ownedBy(EngineContainer engine) {
    return new ContainerOrigin(engine, covers, archive, settled);
  }

  /** The same where no engine knows of it. */
  public ContainerOrigin elsewhere() {
    return new ContainerOrigin(null, covers, archive, settled);
  }

  /** Of a pod that leaves a host as one. */
  public ContainerOrigin asPod() {
    return new ContainerOrigin(owner, covers, archive, true);
  }

  /**
   * A place that is covered.
   *
   * @param path absolute, in the pod
   * @param directory whether it is covered by an empty directory, or else by the null device
   */
  public record CoveredPath(String path, boolean directory) {}
}
