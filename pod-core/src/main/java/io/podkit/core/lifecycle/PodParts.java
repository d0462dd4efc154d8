package io.podkit.core.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import io.podkit.core.cgroup.CgroupFactory;
import io.podkit.core.cgroup.ForeignCgroup;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.launch.PodOwners;
import io.podkit.core.network.NetworkConfig;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.core.volume.HostVolumes;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.Lower;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parts of this host that belong to a pod, from its record: its control group, its cable,
 * its files. Makes none of them. Thread-safe.
 */
public final class PodParts {
  private final HostDirs dirs;
  private final PodStore store;
  private final PodFileSystem fileSystem;
  private final HostVolumes volumes;
  private final CgroupFactory cgroups;
  private final ObjectMapper json;
  private @Nullable NetworkConfig network;

  public PodParts(
      HostDirs dirs,
      PodStore store,
      PodFileSystem fileSystem,
      HostVolumes volumes,
      CgroupFactory cgroups,
      ObjectMapper json) {
    this.dirs = dirs;
    this.store = store;
    this.fileSystem = fileSystem;
    this.volumes = volumes;
    this.cgroups = cgroups;
    this.json = json;
  }

  public PodFileSystem fileSystem() {
    return fileSystem;
  }

  public HostVolumes volumes() {
    return volumes;
  }

  public PodCgroup cgroup(PodName name) throws PodkitException {
    return cgroups.of(name);
  }

  /**
   * The group that an engine made for one of its containers, by the pid of the container's pid 1.
   */
  public PodCgroup foreignCgroup(long pid) throws PodkitException {
    return ForeignCgroup.of(cgroups.layout(), pid);
  }

  /** The same, to be frozen: see {@link ForeignCgroup#ofItsOwn}. */
  public PodCgroup freezableCgroup(long pid) throws PodkitException {
    return ForeignCgroup.ofItsOwn(cgroups.layout(), pid);
  }

  public synchronized NetworkConfig networkConfig() throws PodkitException {
    if (network == null) {
      network = NetworkConfig.load(dirs, json);
    }
    return network;
  }

  /** The pod's cable, or nothing for a pod without a network. */
  public Optional<PodNetwork> network(PodRecord record) throws PodkitException {
    if (record.address() == null) {
      return Optional.empty();
    }
    // Two hosts may share a network namespace in tests, and one pod may be on both during a move.
    String hostEnd = "pv" + CgroupFactory.tag(dirs).substring(0, 5) + record.id().substring(0, 8);
    return Optional.of(new PodNetwork(networkConfig(), record.address(), hostEnd));
  }

  public StagingSpec staging(PodRecord record) {
    Lower lower =
        record.layers().isEmpty()
            ? new Lower.HostDirectory(Objects.requireNonNull(record.spec().source().rootfs()))
            : new Lower.Layers(digests(record));
    return StagingSpec.of(stagingName(record.name()), lower)
        .ownedBy(PodOwners.of(record.spec()))
        .seeing(record.spec().volumes().stream().map(volumes.places()::of).toList());
  }

  public static List<LayerDigest> digests(PodRecord record) {
    return record.layers().stream().map(LayerDigest::parse).toList();
  }

  public static StagingName stagingName(PodName name) {
    return new StagingName(name.value());
  }

  /** The pod's durable directory. */
  public Path directory(PodName name) {
    return store.directory(name);
  }

  /** Where the pod's monitor writes how the pod ended. */
  public Path exitFile(PodName name) {
    return directory(name).resolve("exit.json");
  }

  /** Locked by who will see to the pod's end instead of its monitor, which knows this name. */
  Path attendedFile(PodName name) {
    return directory(name).resolve("attended");
  }
}
