package io.podkit.fs.staging;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.Lower;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.fs.mount.MountPoint;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileSystemStat;
import io.podkit.linux.ProcessCalls;
import io.podkit.linux.Syscalls;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the mounts of one staging filesystem in place and takes them away again. */
final class StagingMounts {

  private static final Logger LOG = LoggerFactory.getLogger(StagingMounts.class);

  private final Syscalls sys;
  private final FileLayerStore layers;
  private final DeviceTree devices;
  private final OverlayMount overlay;
  private final StagingCheck check;
  private final FirstUse firstUse;
  private final ShiftedMounts shifted;

  StagingMounts(Syscalls sys, FileLayerStore layers, Path podInit) {
    this.sys = sys;
    this.layers = layers;
    this.devices = new DeviceTree(sys);
    this.overlay = new OverlayMount(sys);
    this.check = new StagingCheck(sys);
    this.firstUse = new FirstUse(sys);
    this.shifted = new ShiftedMounts(sys, podInit);
  }

  /**
   * Mounts everything but the root.
   *
   * @return the lower directories of the root to come, the lowest first
   */
  List<Path> mountDevices(StagingSpec spec, StagingPaths paths) throws PodkitException {
    unmountPoints(spec.name(), paths);
    try (UndoStack undo = new UndoStack("mount the files of " + spec.name())) {
      undo.push("unmount them", () -> unmount(spec.name(), paths));
      List<Path> lowers = lowers(spec, paths);
      for (Path point : List.of(paths.root(), paths.dev(), paths.shm())) {
        PrivateDirectory.create(point);
      }
      if (spec.owners().isShifted()) {
        shifted.openWay(paths, spec.owners());
      }
      devices.mountDev(paths.dev(), spec.owners());
      devices.mountShm(paths.shm(), spec.shmBytes(), spec.owners());
      undo.commit();
      return lowers;
    } catch (IOException e) {
      throw PodkitException.io("cannot mount the files of " + spec.name(), e);
    }
  }

  /** Mounts the root on what {@link #mountDevices} returned. */
  void mountRoot(StagingSpec spec, StagingPaths paths, List<Path> lowers) throws PodkitException {
    try {
      firstUse.inherit(paths.upper(), lowers.get(lowers.size() - 1));
      if (spec.owners().isShifted()) {
        mountShifted(spec, paths, lowers);
      } else {
        overlay.mount(lowers, paths.upper(), paths.work(), paths.root());
      }
    } catch (ErrnoException e) {
      throw refused(spec.name(), e);
    } catch (IOException e) {
      throw PodkitException.io("cannot mount the root of " + spec.name(), e);
    }
  }

  private void mountShifted(StagingSpec spec, StagingPaths paths, List<Path> lowers)
      throws PodkitException, IOException {
    List<Path> layered = shifted.lowers(paths, lowers, spec.owners());
    Path disk = shifted.disk(paths, spec.owners());
    // Not earlier: of a pod that comes from another host they may have come only now.
    shifted.volumes(paths, spec.volumes(), spec.owners());
    long root = spec.owners().shift();
    // Whoever mounts an overlay makes its files from then on; the host's root has no id on this
    // disk.
    try (ProcessCalls.FileOwnership podRoot = sys.createFilesAs(root, root)) {
      overlay.mount(layered, StagingPaths.upperIn(disk), StagingPaths.workIn(disk), paths.root());
    }
  }

  /** Whether all three are mounted. */
  boolean areMounted(StagingPaths paths) throws PodkitException {
    try {
      return MountPoint.shows(sys, paths.root(), FileSystemStat.OVERLAYFS_MAGIC)
          && MountPoint.shows(sys, paths.dev(), FileSystemStat.TMPFS_MAGIC)
          && MountPoint.shows(sys, paths.shm(), FileSystemStat.TMPFS_MAGIC);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot look at " + paths.mounts(), e);
    }
  }

  /** Unmounts whatever is mounted and gives the layers back; all steps are tried. */
  void unmount(StagingName name, StagingPaths paths) throws PodkitException {
    try (UndoStack steps = new UndoStack("unmount the files of " + name)) {
      steps.push("give back its layers", () -> layers.releaseAll(name));
      steps.push("remove " + paths.mounts(), () -> removeMountPoints(paths));
      steps.push("unmount them", () -> unmountPoints(name, paths));
    }
  }

  /** Unmounts, but keeps the layers: they are about to be used again. */
  private void unmountPoints(StagingName name, StagingPaths paths) throws PodkitException {
    try (UndoStack steps = new UndoStack("unmount the files of " + name)) {
      steps.push("unmount what its root is stacked on", () -> shifted.clear(paths));
      for (Path point : List.of(paths.dev(), paths.shm(), paths.root())) {
        steps.push("unmount " + point, () -> MountPoint.clear(sys, point));
      }
    }
  }

  private List<Path> lowers(StagingSpec spec, StagingPaths paths) throws PodkitException {
    if (spec.lower() instanceof Lower.HostDirectory host) {
      return List.of(check.hostDirectory(host.directory(), paths));
    }
    List<Path> lowers = new ArrayList<>();
    for (LayerDigest layer : ((Lower.Layers) spec.lower()).layers()) {
      lowers.add(layers.mount(layer, spec.name()));
    }
    return lowers;
  }

  private static void removeMountPoints(StagingPaths paths) throws IOException {
    for (Path point : List.of(paths.root(), paths.dev(), paths.shm())) {
      Files.deleteIfExists(point);
    }
    try {
      Files.deleteIfExists(paths.mounts());
    } catch (DirectoryNotEmptyException e) {
      LOG.debug("{} holds something of somebody else", paths.mounts());
    }
  }

  private static PodkitException refused(StagingName name, ErrnoException e) {
    PodkitException failure = PodkitException.io("cannot mount the root of " + name, e);
    return switch (e.errno()) {
      case E2BIG ->
          PodkitException.unsupported(
              "cannot mount the root of " + name + ": it has too many layers",
              FsHints.TOO_MANY_LAYERS);
      case ESTALE -> failure.withHint(FsHints.OTHER_LOWER);
      case ENODEV -> failure.withHint(FsHints.NO_OVERLAY);
      default -> failure.kind() == ErrorKind.IO ? failure.withHint(FsHints.SEE_DMESG) : failure;
    };
  }
}
