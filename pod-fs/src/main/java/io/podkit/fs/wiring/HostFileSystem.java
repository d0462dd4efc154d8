package io.podkit.fs.wiring;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.HostStorage;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.LayerSources;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.api.StagingFs;
import io.podkit.fs.api.Trees;
import io.podkit.fs.api.VolumeFiles;
import io.podkit.fs.image.FileImageStore;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.fs.rooted.KernelRootedFiles;
import io.podkit.fs.source.SharedLayerSources;
import io.podkit.fs.staging.OverlayStaging;
import io.podkit.fs.storage.PodStorage;
import io.podkit.fs.tree.KernelTrees;
import io.podkit.fs.volume.KernelVolumeFiles;
import io.podkit.fs.watch.Watches;
import io.podkit.linux.Syscalls;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;

/** The parts, put together for one host. */
final class HostFileSystem implements PodFileSystem {

  private final Supplier<? extends Syscalls> sys;
  private final HostDirs dirs;
  private final Path podInit;
  private final Clock clock;
  private final FileLayerStore layers;
  private final ImageStore images;

  HostFileSystem(
      Supplier<? extends Syscalls> sys, HostDirs dirs, Path podInit, Path proc, Clock clock) {
    this.sys = sys;
    this.dirs = dirs;
    this.podInit = podInit;
    this.clock = clock;
    this.layers = new FileLayerStore(sys, dirs, proc, podInit);
    this.images = new FileImageStore(sys, dirs, layers, clock);
  }

  @Override
  public ImageStore images() {
    return images;
  }

  @Override
  public LayerStore layers() {
    return layers;
  }

  @Override
  public LayerSources layerSources() {
    return new SharedLayerSources(sys, dirs);
  }

  @Override
  public HostStorage storage() {
    return new PodStorage(sys.get(), dirs);
  }

  @Override
  public StagingFs staging() {
    return new OverlayStaging(sys.get(), dirs, layers, podInit);
  }

  @Override
  public Trees trees() {
    return new KernelTrees(
        sys.get(), clock, new Watches(sys.get(), System.getProperty("os.version", "")));
  }

  @Override
  public VolumeFiles volumeFiles() {
    return new KernelVolumeFiles(sys.get(), trees());
  }

  @Override
  public RootedFiles rooted(Path directory) throws PodkitException {
    return KernelRootedFiles.open(sys.get(), directory, FileOwners.SAME);
  }

  @Override
  public RootedFiles rooted(MountedRoot root) throws PodkitException {
    return KernelRootedFiles.open(sys.get(), root.root(), root.owners());
  }
}
