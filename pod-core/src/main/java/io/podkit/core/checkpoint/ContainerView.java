package io.podkit.core.checkpoint;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.container.ContainerImage;
import io.podkit.core.container.MovableContainer;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.core.volume.VolumeMarks;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What can be seen of an engine's container, as of a pod, by whoever holds its name's lock. */
abstract class ContainerView implements RunningPod {
  private static final Path DEV = Path.of("/dev");
  private static final Path SHM = Path.of("/dev/shm");

  private final PodStore store;
  private final PodParts parts;
  private final PodObserver observer;

  ContainerView(PodStore store, PodParts parts, PodObserver observer) {
    this.store = store;
    this.parts = parts;
    this.observer = observer;
  }

  /** What a record of it would say now. */
  abstract PodRecord current();

  /**
   * As it was found.
   *
   * @throws PodkitException of kind CONFLICT where only what is left of it is known
   */
  abstract MovableContainer found() throws PodkitException;

  /** The group that its engine made for it. */
  abstract PodCgroup cgroup() throws PodkitException;

  final PodStore store() {
    return store;
  }

  final PodParts parts() {
    return parts;
  }

  final PodObserver observer() {
    return observer;
  }

  @Override
  public PodStatus pod() throws PodkitException {
    return observer.observe(current());
  }

  /** Those of its image, imported if need be. */
  @Override
  public List<String> layers() throws PodkitException {
    MovableContainer found = found();
    if (!found.blockers().isEmpty() || forEngine()) {
      return List.of(); // it cannot move, or its engine has the image there: that needs none here
    }
    return new ContainerImage(parts.fileSystem().images())
        .layers(
            Objects.requireNonNull(found.record().owner(), "an engine has it"),
            found.image(),
            store.directory(current().name()));
  }

  /** Whether it is to be a container there, too: its engine then sees to what is bound into it. */
  private boolean forEngine() {
    return current().archive() != null;
  }

  @Override
  public byte[] record(List<String> layers) throws PodkitException {
    String migration =
        Objects.requireNonNull(current().migration(), "a leaving container is in a migration");
    PodRecord traveller = found().traveller();
    return store.encode(traveller.on(traveller.spec(), layers).travelling(migration));
  }

  @Override
  public long memoryBytes() throws PodkitException {
    return cgroup().memoryBytes();
  }

  @Override
  public List<PodTree> trees() throws PodkitException {
    MovableContainer found = found();
    if (found.image().isEmpty()) {
      return List.of();
    }
    return List.of(
        new PodTree(PodTree.Kind.UPPER, "upper", found.upper()),
        new PodTree(PodTree.Kind.DEV, "dev", inside(DEV)),
        // Through its own mounts: the engine could not give back this host's while we read there.
        new PodTree(PodTree.Kind.SHM, "shm", inside(SHM)));
  }

  /** A place in the container, as this host can see it. */
  private Path inside(Path place) throws PodkitException {
    return Path.of("/proc", Long.toString(init().pid()), "root")
        .resolve(Path.of("/").relativize(place));
  }

  @Override
  public List<VolumeOffer> volumes(List<HostCheck> problems) throws PodkitException {
    if (forEngine()) {
      return List.of();
    }
    return parts.volumes().survey().offers(current(), inside(Path.of("/")), problems);
  }

  @Override
  public Optional<VolumeOffer> measure(VolumeFate open, List<HostCheck> problems)
      throws PodkitException {
    return parts.volumes().survey().measure(current(), open, problems);
  }

  @Override
  public Marks markVolumes() throws PodkitException {
    if (forEngine()) {
      return () -> {};
    }
    List<Path> places =
        current().spec().volumes().stream().map(parts.volumes().places()::of).toList();
    return VolumeMarks.make(places, Objects.requireNonNull(current().migration()));
  }

  @Override
  public Map<String, MappedFiles> mappedFiles(List<PodTree> trees) throws PodkitException {
    List<MappedTreeFiles.View> views = new ArrayList<>();
    for (PodTree tree : trees) {
      views.add(
          switch (tree.kind()) {
            case UPPER -> new MappedTreeFiles.View(tree.label(), found().root(), Path.of("/"));
            case DEV -> new MappedTreeFiles.View(tree.label(), tree.directory(), DEV);
            case SHM -> new MappedTreeFiles.View(tree.label(), tree.directory(), SHM);
            case VOLUME -> LocalPodView.volumeView(tree);
          });
    }
    return MappedTreeFiles.of(processes(), views);
  }

  @Override
  public List<HostCheck> blockers() throws PodkitException {
    List<HostCheck> blockers = new ArrayList<>(found().blockers());
    if (blockers.isEmpty()) {
      blockers.addAll(NetworkSurvey.blockers(current(), init()));
    }
    return blockers;
  }

  @Override
  public PodProcesses processes() throws PodkitException {
    return new CgroupProcesses(cgroup());
  }

  final InitProcess init() throws PodkitException {
    InitProcess init = current().init();
    if (init == null) {
      throw PodkitException.of(
          ErrorKind.CONFLICT, "container " + current().name() + " has no processes");
    }
    return init;
  }
}
