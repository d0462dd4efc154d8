package io.podkit.core.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pod keeps of the container that it was.
 *
 * @param owner the engine whose container it still is while it leaves that host; null anywhere else
 * @param covers what an engine covers with nothing, or shows of its host: as mounts they are the
 *     pod's for good, because its processes were dumped with them
 */
public record ContainerOrigin(@Nullable EngineContainer owner, List<CoveredPath> covers) {
  public ContainerOrigin {
    covers = List.copyOf(covers);
  }

  /** The same where no engine knows of it. */
  public ContainerOrigin elsewhere() {
    return new ContainerOrigin(null, covers);
  }

  /**
   * A place that is covered.
   *
   * @param path absolute, in the pod
   * @param directory whether it is covered by an empty directory, or else by the null device
   */
  public record CoveredPath(String path, boolean directory) {}
}
