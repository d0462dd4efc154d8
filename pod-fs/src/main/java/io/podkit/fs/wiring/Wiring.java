package io.podkit.fs.wiring;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.api.StagingFs;
import io.podkit.fs.api.Trees;
import io.podkit.fs.image.DiskImageStore;
import io.podkit.fs.layer.DiskLayerStore;
import io.podkit.fs.rooted.RootedDirectory;
import io.podkit.fs.staging.OverlayStaging;
import io.podkit.fs.tree.KernelTrees;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Syscalls;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Puts the parts of this module together; the system calls are loaded when first needed. */
public final class Wiring implements PodFileSystem {

  private final Clock clock = Clock.systemUTC();
  private final DiskLayerStore layers;
  private final ImageStore images;
  private final StagingFs staging;
  private @Nullable Syscalls syscalls;

  private Wiring(HostDirs dirs, Path podInit) {
    layers = new DiskLayerStore(dirs);
    images = new DiskImageStore(dirs.images(), layers, clock);
    staging = new OverlayStaging(dirs, podInit, layers, this::syscalls);
  }

  /** The filesystem behind {@link PodFileSystem#open}. */
  public static PodFileSystem open(HostDirs dirs, Path podInit) {
    return new Wiring(dirs, podInit);
  }

  private synchronized Syscalls syscalls() {
    if (syscalls == null) {
      syscalls = JnrSyscalls.load();
    }
    return syscalls;
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
  public StagingFs staging() {
    return staging;
  }

  @Override
  public Trees trees() {
    return new KernelTrees(syscalls(), clock);
  }

  @Override
  public RootedFiles rooted(Path directory) throws PodkitException {
    return RootedDirectory.open(syscalls(), directory);
  }
}
