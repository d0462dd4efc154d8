package io.podkit.core.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeSpec;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.store.ContainerOrigin;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.error.PodkitException;
import io.podkit.linux.Pid;
import io.podkit.procfs.MountEntry;
import io.podkit.procfs.MountInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a container as something to be moved: what its engine, its runtime's configuration and
 * the kernel say of it. Changes nothing. Thread-safe.
 */
public final class ContainerSurvey {
  private static final Path PROC = Path.of("/proc");

  /** As link-local addresses begin: they are of a device, and a pod's device has its own. */
  private static final String LINK_LOCAL = "fe80:";

  private final ObjectMapper json;

  public ContainerSurvey(ObjectMapper json) {
    this.json = json;
  }

  /**
   * Looks.
   *
   * @param cgroup the engine's, for this container
   */
  public MovableContainer look(AdoptedContainer adopted, PodCgroup cgroup) throws PodkitException {
    PodRecord record = adopted.record();
    InitProcess init = Objects.requireNonNull(record.init(), "it lives");
    ContainerObstacles obstacles = new ContainerObstacles(record.name());
    obstacles.ofRecord(record);
    obstacles.add(
        cgroup.freezerForCriu() == null,
        "cannot be stopped for certain: this host has no cgroup v2",
        "mount cgroup v2, with or without v1 beside it");
    try {
      Optional<List<String>> command = EngineCommand.of(init.pid());
      if (command.isEmpty()) {
        String engine = adopted.container().engine();
        obstacles.add(
            true,
            "belongs to " + engine + ", and Podkit moves those of podman only",
            "save its image, run that as a pod: pod image import NAME FILE; pod run");
        return nowhere(record, obstacles);
      }
      return look(adopted, init.pid(), command.get(), cgroup, obstacles);
    } catch (IOException e) {
      throw PodkitException.io("cannot look at container " + record.name(), e);
    }
  }

  private static MovableContainer nowhere(PodRecord record, ContainerObstacles obstacles) {
    Path none = Path.of("");
    return new MovableContainer(record, record, "", none, none, Map.of(), obstacles.all());
  }

  private MovableContainer look(
      AdoptedContainer adopted,
      long pid,
      List<String> command,
      PodCgroup cgroup,
      ContainerObstacles obstacles)
      throws PodkitException, IOException {
    EngineWords words = new PodmanEngine(command, adopted.container().id()).inspect(json);
    ContainerLayout layout = ContainerLayout.read(words.bundle(), json);
    List<MountEntry> mounts = MountInfo.of(PROC, new Pid(pid)).mounts();
    MountSurvey survey = MountSurvey.of(mounts, layout);
    OuterStreams streams = OuterStreams.of(PROC, words.monitor(), cgroup.processes());
    ContainerCable cable = ContainerCable.of(pid);
    obstacles.ofEngine(words);
    if (words.image().isEmpty()) {
      return nowhere(adopted.record(), obstacles);
    }
    obstacles.ofLayout(layout);
    obstacles.ofMounts(mounts, survey);
    obstacles.ofPodDirectory(words.root(), mounts);
    obstacles.ofStreams(streams);
    obstacles.ofNetwork(adopted.record(), cable);
    obstacles.ofProcessIds(SharedNamespaces.sharesOurs(PROC, pid));
    obstacles.ofNeighbours(SharedNamespaces.neighbours(PROC, pid, cgroup::processes));
    obstacles.add(
        !layout.binds().containsKey(Path.of("/dev/shm")),
        "has no /dev/shm that its engine made",
        "start it with an IPC namespace of its own");
    PodRecord record = record(adopted.record(), survey, cable);
    PodSpec elsewhere = elsewhere(record, adopted.record().spec(), words, adopted.container());
    List<String> kept =
        elsewhere.volumes().stream()
            .filter(volume -> volume.name() != null)
            .map(volume -> volume.destination().toString())
            .toList();
    PodRecord leaving =
        record.withOrigin(
            new ContainerOrigin(
                new EngineContainer(adopted.container(), command, kept, cable.hostEnd(), null),
                survey.covers()));
    return new MovableContainer(
        leaving,
        leaving.on(elsewhere, List.of()),
        words.image(),
        words.upper(),
        words.root(),
        streams.files(),
        obstacles.all());
  }

  /** With its own MAC, so that its neighbours find it where it goes. */
  private static PodRecord record(PodRecord seen, MountSurvey survey, ContainerCable cable) {
    @Nullable NetworkAddress address = seen.address();
    if (address != null) {
      boolean global = !address.ipv6().startsWith(LINK_LOCAL);
      address =
          new NetworkAddress(
              address.ipv4(),
              address.ipv4Prefix(),
              global ? address.ipv6() : "",
              global ? address.ipv6Prefix() : 0,
              cable.mac());
    }
    return seen.on(seen.spec().toBuilder().volumes(survey.volumes()).build(), List.of())
        .withAddress(address);
  }

  /** What its engine keeps for it becomes volumes that Podkit keeps. */
  private static PodSpec elsewhere(
      PodRecord record, PodSpec seen, EngineWords words, ContainerRef container) {
    List<VolumeSpec> volumes = new ArrayList<>();
    for (VolumeSpec volume : record.spec().volumes()) {
      Path source = Objects.requireNonNull(volume.source());
      String name = words.volumes().get(volume.destination());
      if (name == null && source.toString().contains("/" + container.id() + "/userdata/")) {
        name = record.id() + "-" + source.getFileName().toString().replaceFirst("^\\.", "");
      }
      volumes.add(name == null ? volume : named(volume, name));
    }
    PodSource image = PodSource.image(ContainerImage.name(words.image()).value());
    return seen.toBuilder().source(image).volumes(volumes).build();
  }

  /** Names that podman makes up are a digit longer than ours may be. */
  private static VolumeSpec named(VolumeSpec volume, String name) {
    VolumeName legal = new VolumeName(name.substring(0, Math.min(name.length(), 63)));
    return new VolumeSpec(null, legal, volume.destination(), volume.readOnly(), null);
  }
}
