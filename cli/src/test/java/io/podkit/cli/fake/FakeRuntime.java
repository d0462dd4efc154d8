package io.podkit.cli.fake;

import io.podkit.core.api.Arrivals;
import io.podkit.core.api.CheckpointReport;
import io.podkit.core.api.Checkpoints;
import io.podkit.core.api.CommitSpec;
import io.podkit.core.api.Commits;
import io.podkit.core.api.ContainerHook;
import io.podkit.core.api.Departures;
import io.podkit.core.api.HostCapacity;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.HostFacts;
import io.podkit.core.api.HostInspector;
import io.podkit.core.api.HostReport;
import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.core.api.Volumes;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.HostStorage;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.LayerSources;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.api.StagingFs;
import io.podkit.fs.api.Trees;
import io.podkit.fs.api.VolumeFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A host whose parts are fakes. */
public final class FakeRuntime
    implements PodRuntime, PodFileSystem, Checkpoints, Commits, HostInspector {
  public final FakePods pods = new FakePods();
  public final FakeImages images = new FakeImages();
  public final FakeLayerSources sources = new FakeLayerSources();
  public final List<String> calls = new ArrayList<>();
  public final List<HostCheck> checks = new ArrayList<>();
  public final FakeHook hook = new FakeHook();
  public final FakeVolumes volumes = new FakeVolumes();
  public HostDirs dirs = HostDirs.standard();

  @Override
  public MemoryDirectory memory(String name) {
    throw new UnsupportedOperationException("no command asks for it");
  }

  @Override
  public List<String> podCommand() {
    return List.of();
  }

  @Override
  public Path podInit() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void forgetMemory(String name) {
    throw new UnsupportedOperationException("no command asks for it");
  }

  @Override
  public HostDirs dirs() {
    return dirs;
  }

  @Override
  public Pods pods() {
    return pods;
  }

  @Override
  public PodFileSystem fileSystem() {
    return this;
  }

  @Override
  public Volumes volumes() {
    return volumes;
  }

  @Override
  public VolumeFiles volumeFiles() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Checkpoints checkpoints() {
    return this;
  }

  @Override
  public Commits commits() {
    return this;
  }

  @Override
  public Image commit(PodName name, CommitSpec spec, ByteListener listener) throws PodkitException {
    calls.add("commit " + name + " " + spec);
    images.add(spec.image().value(), spec.changes());
    return images.get(spec.image());
  }

  @Override
  public HostInspector host() {
    return this;
  }

  @Override
  public ContainerHook containerHook() {
    return hook;
  }

  @Override
  public Departures departures() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Arrivals arrivals() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ImageStore images() {
    return images;
  }

  @Override
  public LayerStore layers() {
    return new FakeLayers();
  }

  @Override
  public HostStorage storage() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LayerSources layerSources() {
    return sources;
  }

  @Override
  public StagingFs staging() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Trees trees() {
    throw new UnsupportedOperationException();
  }

  @Override
  public RootedFiles rooted(Path directory) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RootedFiles rooted(MountedRoot root) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CheckpointReport checkpoint(PodName name, boolean leaveRunning, @Nullable Path file) {
    calls.add("checkpoint " + name + " " + leaveRunning + " " + file);
    Path location = Objects.requireNonNullElse(file, Path.of("/var/lib/pod/pods/web/checkpoint"));
    return new CheckpointReport(
        name, location, Duration.ofMillis(84), Duration.ofMillis(1234), 5 << 20);
  }

  @Override
  public PodStatus restore(PodName name) {
    calls.add("restore " + name);
    return Samples.running(name.value());
  }

  @Override
  public PodStatus restoreFrom(Path file, @Nullable PodName as) {
    calls.add("restoreFrom " + file + " " + as);
    return Samples.running(as == null ? "own" : as.value());
  }

  @Override
  public HostReport doctor() {
    return new HostReport(checks);
  }

  @Override
  public HostCapacity capacity() {
    throw new UnsupportedOperationException();
  }

  @Override
  public HostFacts facts() {
    throw new UnsupportedOperationException();
  }
}
