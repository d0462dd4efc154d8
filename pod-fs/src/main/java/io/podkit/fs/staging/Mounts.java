package io.podkit.fs.staging;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagedMounts;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import java.nio.file.Path;
import java.util.List;

/** The mounts of one staging filesystem, in the hands of their owner. */
final class Mounts implements StagedMounts, MountedRoot {

  private final StagingMounts mounts;
  private final StagingSpec spec;
  private final StagingPaths paths;
  private final List<Path> lowers;
  private boolean owned = true;

  /**
   * Mounts that are in place.
   *
   * @param lowers what the root is to be stacked on, or empty if it is mounted
   */
  Mounts(StagingMounts mounts, StagingSpec spec, StagingPaths paths, List<Path> lowers) {
    this.mounts = mounts;
    this.spec = spec;
    this.paths = paths;
    this.lowers = List.copyOf(lowers);
  }

  @Override
  public StagingName name() {
    return spec.name();
  }

  @Override
  public FileOwners owners() {
    return spec.owners();
  }

  @Override
  public Path root() {
    return paths.root();
  }

  @Override
  public Path dev() {
    return paths.dev();
  }

  @Override
  public Path shm() {
    return paths.shm();
  }

  @Override
  public Path volume(int number) {
    return spec.owners().isShifted() ? paths.shiftedVolume(number) : spec.volumes().get(number);
  }

  @Override
  public MountedRoot complete() throws PodkitException {
    if (!owned) {
      throw new IllegalStateException("the mounts of " + spec.name() + " are completed or closed");
    }
    mounts.mountRoot(spec, paths, lowers);
    owned = false;
    return new Mounts(mounts, spec, paths, List.of());
  }

  @Override
  public void detach() {
    owned = false;
  }

  @Override
  public void close() throws PodkitException {
    if (owned) {
      owned = false;
      mounts.unmount(spec.name(), paths);
    }
  }
}
