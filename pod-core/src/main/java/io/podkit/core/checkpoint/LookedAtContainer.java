package io.podkit.core.checkpoint;

import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.container.AdoptedContainer;
import io.podkit.core.container.ForeignContainer;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import io.podkit.resource.HostLock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container of an engine, looked at as a pod would be. Its memory can be measured; that it cannot
 * move is what its {@link #blockers} say, and nothing of its files is offered.
 */
final class LookedAtContainer implements RunningPod {
  private final AdoptedContainer adopted;
  private final PodCgroup cgroup;
  private final PodObserver observer;
  private final HostLock lock;
  private final @Nullable DeadMan deadMan;
  private boolean closed;

  /**
   * @param cgroup the engine's, for this container
   * @param deadMan armed, or null if it cannot be
   */
  LookedAtContainer(
      AdoptedContainer adopted,
      PodCgroup cgroup,
      PodObserver observer,
      HostLock lock,
      @Nullable DeadMan deadMan) {
    this.adopted = adopted;
    this.cgroup = cgroup;
    this.observer = observer;
    this.lock = lock;
    this.deadMan = deadMan;
  }

  @Override
  public PodStatus pod() throws PodkitException {
    return observer.observe(adopted.record(), adopted.container());
  }

  @Override
  public byte[] record(List<String> layers) throws PodkitException {
    throw ForeignContainer.refusal(adopted.record().name(), adopted.container(), "move");
  }

  @Override
  public long memoryBytes() throws PodkitException {
    return cgroup.memoryBytes();
  }

  @Override
  public List<PodTree> trees() {
    return List.of();
  }

  @Override
  public List<VolumeOffer> volumes(List<HostCheck> found) {
    return List.of();
  }

  @Override
  public Optional<VolumeOffer> measure(VolumeFate open, List<HostCheck> found) {
    return Optional.empty();
  }

  @Override
  public Marks markVolumes() {
    return () -> {};
  }

  @Override
  public Map<String, MappedFiles> mappedFiles(List<PodTree> trees) {
    return Map.of();
  }

  @Override
  public List<HostCheck> blockers() {
    ContainerRef container = adopted.container();
    return List.of(
        new HostCheck(
            "container " + adopted.record().name(),
            HostCheck.Level.BLOCKS,
            "belongs to " + container.engine() + ", and Podkit moves pods only",
            "run its image as a pod: podman save -o FILE IMAGE; pod image import NAME FILE; pod run"));
  }

  @Override
  public PodProcesses processes() {
    return new CgroupProcesses(cgroup);
  }

  @Override
  public void close() throws PodkitException {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      if (deadMan != null) {
        deadMan.disarm();
      }
    }
  }
}
