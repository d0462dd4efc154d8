package io.podkit.fs.staging;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagedMounts;
import io.podkit.fs.api.StagingFs;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Staging filesystems made with overlayfs in the host's directories. */
public final class OverlayStaging implements StagingFs {

  /** What a pod's root directory is if no layer says otherwise. */
  private static final int ROOT_PERMISSIONS = 0755;

  private static final int EXECUTABLE = 0755;
  private static final int OUTPUT = 0644;

  private final Syscalls sys;
  private final HostDirs dirs;
  private final Path podInit;
  private final StagingMounts mounts;

  /**
   * The staging filesystems in those directories; touches nothing yet.
   *
   * @param podInit the static helper
   */
  public OverlayStaging(Syscalls sys, HostDirs dirs, FileLayerStore layers, Path podInit) {
    this.sys = sys;
    this.dirs = dirs;
    this.podInit = podInit;
    this.mounts = new StagingMounts(sys, layers, podInit);
  }

  @Override
  public void create(StagingSpec spec) throws PodkitException {
    make(spec, true);
  }

  @Override
  public void createEmpty(StagingSpec spec) throws PodkitException {
    make(spec, false);
  }

  private void make(StagingSpec spec, boolean isNew) throws PodkitException {
    StagingPaths paths = StagingPaths.of(dirs, spec.name());
    if (Files.exists(paths.upper()) || Files.exists(paths.work())) {
      throw PodkitException.conflict("there are files of a pod " + spec.name() + " already");
    }
    try (UndoStack undo = new UndoStack("make the files of " + spec.name())) {
      undo.push("remove them", () -> removeFiles(paths));
      PrivateDirectory.create(paths.work());
      PrivateDirectory.create(paths.upper());
      sys.chmod(PathAt.of(paths.upper()), ROOT_PERMISSIONS);
      new StagingCheck(sys).upper(paths.upper());
      if (isNew) {
        makeHidden(paths.upper());
        new FirstUse(sys).mark(paths.upper());
      }
      undo.commit();
    } catch (IOException e) {
      throw PodkitException.io("cannot make the files of " + spec.name(), e);
    }
  }

  /**
   * Makes {@code /.pod} with what every pod has in it. Pid 1's program has to lie in the pod's own
   * tree, or CRIU cannot dump it.
   */
  private void makeHidden(Path upper) throws IOException {
    Path hidden = Files.createDirectory(upper.resolve(".pod"));
    Path exec = Files.createDirectory(hidden.resolve("exec"));
    Path init = hidden.resolve("init");
    Files.copy(podInit, init);
    for (Path executable : List.of(hidden, exec, init)) {
      sys.chmod(PathAt.of(executable), EXECUTABLE); // whatever our umask is
    }
    for (String output : List.of("stdout", "stderr")) {
      sys.chmod(PathAt.of(Files.createFile(hidden.resolve(output))), OUTPUT);
    }
  }

  @Override
  public MountedRoot mount(StagingSpec spec) throws PodkitException {
    try (StagedMounts staged = mountDevices(spec)) {
      return staged.complete();
    }
  }

  @Override
  public StagedMounts mountDevices(StagingSpec spec) throws PodkitException {
    StagingPaths paths = StagingPaths.of(dirs, spec.name());
    List<Path> lowers = mounts.mountDevices(spec, paths);
    return new Mounts(mounts, spec, paths, lowers);
  }

  @Override
  public Optional<MountedRoot> attach(StagingSpec spec) throws PodkitException {
    StagingPaths paths = StagingPaths.of(dirs, spec.name());
    return mounts.areMounted(paths)
        ? Optional.of(new Mounts(mounts, spec, paths, List.of()))
        : Optional.empty();
  }

  @Override
  public void unmount(StagingName name) throws PodkitException {
    mounts.unmount(name, StagingPaths.of(dirs, name));
  }

  @Override
  public void remove(StagingName name) throws PodkitException {
    StagingPaths paths = StagingPaths.of(dirs, name);
    mounts.unmount(name, paths);
    try {
      removeFiles(paths);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove the files of " + name, e);
    }
  }

  private void removeFiles(StagingPaths paths) throws IOException {
    TreeRemover remover = new TreeRemover(sys);
    remover.remove(paths.upper());
    remover.remove(paths.work());
  }

  @Override
  public Path upper(StagingName name) {
    return StagingPaths.of(dirs, name).upper();
  }
}
