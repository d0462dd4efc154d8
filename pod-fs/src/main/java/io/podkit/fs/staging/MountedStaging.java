package io.podkit.fs.staging;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagingName;
import java.nio.file.Path;

/** A mounted staging filesystem: three mount points beneath one directory. */
final class MountedStaging implements MountedRoot {

  /** Unmounts the staging filesystem of that name. */
  interface Unmount {
    void run(StagingName name) throws PodkitException;
  }

  private final StagingName name;
  private final Path directory;
  private final Unmount unmount;
  private boolean ended;

  MountedStaging(StagingName name, Path directory, Unmount unmount) {
    this.name = name;
    this.directory = directory;
    this.unmount = unmount;
  }

  @Override
  public StagingName name() {
    return name;
  }

  @Override
  public Path root() {
    return directory.resolve("root");
  }

  @Override
  public Path dev() {
    return directory.resolve("dev");
  }

  @Override
  public Path shm() {
    return directory.resolve("shm");
  }

  @Override
  public void detach() {
    ended = true;
  }

  @Override
  public void close() throws PodkitException {
    if (!ended) {
      ended = true;
      unmount.run(name);
    }
  }
}
