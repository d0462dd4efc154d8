package io.podkit.core.checkpoint;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.core.volume.VolumeMarks;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import io.podkit.fs.api.MountedRoot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What can be seen of a running pod of this host by whoever holds its lock. */
abstract class LocalPodView implements RunningPod {
  private static final String VOLUME = "volume:";

  private final PodStore store;
  private final PodParts parts;
  private final PodObserver observer;

  LocalPodView(PodStore store, PodParts parts, PodObserver observer) {
    this.store = store;
    this.parts = parts;
    this.observer = observer;
  }

  /** Its record as it is now. */
  abstract PodRecord current();

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

  @Override
  public List<String> layers() {
    return current().layers();
  }

  @Override
  public byte[] record(List<String> layers) throws PodkitException {
    String migration =
        Objects.requireNonNull(current().migration(), "a leaving pod is in a migration");
    return store.encode(TravellingRecord.of(current(), layers, migration));
  }

  @Override
  public long memoryBytes() throws PodkitException {
    return parts.cgroup(current().name()).memoryBytes();
  }

  @Override
  public List<PodTree> trees() throws PodkitException {
    MountedRoot root = root();
    return List.of(
        new PodTree(
            PodTree.Kind.UPPER,
            "upper",
            parts.fileSystem().staging().upper(PodParts.stagingName(current().name()))),
        new PodTree(PodTree.Kind.DEV, "dev", root.dev()),
        new PodTree(PodTree.Kind.SHM, "shm", root.shm()));
  }

  final MountedRoot root() throws PodkitException {
    MountedRoot root =
        parts
            .fileSystem()
            .staging()
            .attach(parts.staging(current()))
            .orElseThrow(
                () ->
                    PodkitException.internal(
                        "pod " + current().name() + " runs, but its root is not mounted", null));
    root.detach();
    return root;
  }

  @Override
  public List<VolumeOffer> volumes(List<HostCheck> found) throws PodkitException {
    Path root = Path.of("/proc", Long.toString(init().pid()), "root");
    return parts.volumes().survey().offers(current(), root, found);
  }

  @Override
  public Optional<VolumeOffer> measure(VolumeFate open, List<HostCheck> found)
      throws PodkitException {
    return parts.volumes().survey().measure(current(), open, found);
  }

  @Override
  public Marks markVolumes() throws PodkitException {
    List<Path> places =
        current().spec().volumes().stream().map(parts.volumes().places()::of).toList();
    return VolumeMarks.make(places, Objects.requireNonNull(current().migration()));
  }

  @Override
  public Map<String, MappedFiles> mappedFiles(List<PodTree> trees) throws PodkitException {
    MountedRoot root = root();
    List<MappedTreeFiles.View> views = new ArrayList<>();
    for (PodTree tree : trees) {
      views.add(
          switch (tree.kind()) {
            case UPPER -> new MappedTreeFiles.View(tree.label(), root.root(), Path.of("/"));
            case DEV -> new MappedTreeFiles.View(tree.label(), root.dev(), Path.of("/dev"));
            case SHM -> new MappedTreeFiles.View(tree.label(), root.shm(), Path.of("/dev/shm"));
            case VOLUME -> volumeView(tree);
          });
    }
    return MappedTreeFiles.of(processes(), views);
  }

  static MappedTreeFiles.View volumeView(PodTree tree) {
    Path mountPoint = Path.of(tree.label().substring(VOLUME.length()));
    return new MappedTreeFiles.View(tree.label(), tree.directory(), mountPoint);
  }

  @Override
  public List<HostCheck> blockers() throws PodkitException {
    return NetworkSurvey.blockers(current(), init());
  }

  @Override
  public PodProcesses processes() throws PodkitException {
    return new CgroupProcesses(parts.cgroup(current().name()));
  }

  final InitProcess init() throws PodkitException {
    InitProcess init = current().init();
    if (init == null) {
      throw PodkitException.of(ErrorKind.CONFLICT, "pod " + current().name() + " has no processes");
    }
    return init;
  }
}
