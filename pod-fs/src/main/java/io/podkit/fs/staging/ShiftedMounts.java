package io.podkit.fs.staging;

import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.mount.MountPoint;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The parts of a pod's root once more, with owners shifted, for a pod whose root is not the host's:
 * ID-mapped mounts, on which the overlay is stacked.
 *
 * @see <a
 *     href="https://docs.kernel.org/filesystems/idmappings.html">docs.kernel.org/filesystems/idmappings</a>
 */
final class ShiftedMounts {

  private static final int PASSABLE_BY_GROUP = 0710;

  private final Syscalls sys;
  private final Path podInit;

  ShiftedMounts(Syscalls sys, Path podInit) {
    this.sys = sys;
    this.podInit = podInit;
  }

  /**
   * Lets the pod's root, as whom CRIU mounts when it restores, pass through the directories above
   * the mount points. They are closed to everybody else as before: no user of the host is in that
   * group.
   */
  void openWay(StagingPaths paths, FileOwners owners) throws IOException {
    Path directory = paths.run();
    letPass(directory, owners);
    for (Path name : paths.run().relativize(paths.mounts())) {
      directory = directory.resolve(name);
      letPass(directory, owners);
    }
  }

  private void letPass(Path directory, FileOwners owners) throws IOException {
    sys.lchown(PathAt.of(directory), 0, owners.shift());
    sys.chmod(PathAt.of(directory), PASSABLE_BY_GROUP);
  }

  /** Mounts the lower directories; returns where, in the same order. */
  List<Path> lowers(StagingPaths paths, List<Path> lowers, FileOwners owners)
      throws PodkitException, IOException {
    List<Path> shifted = new ArrayList<>();
    for (int i = 0; i < lowers.size(); i++) {
      shifted.add(mount(lowers.get(i), paths.shiftedLower(i), owners));
    }
    return shifted;
  }

  /** Mounts the directory that takes the pod's writes; returns where. */
  Path disk(StagingPaths paths, FileOwners owners) throws PodkitException, IOException {
    return mount(paths.disk(), paths.shiftedDisk(), owners);
  }

  /** Mounts the volumes, without what is mounted in them. */
  void volumes(StagingPaths paths, List<Path> volumes, FileOwners owners)
      throws PodkitException, IOException {
    for (int i = 0; i < volumes.size(); i++) {
      mount(volumes.get(i), paths.shiftedVolume(i), owners);
    }
  }

  private Path mount(Path source, Path point, FileOwners owners)
      throws PodkitException, IOException {
    if (Files.isDirectory(source)) {
      PrivateDirectory.create(point);
    } else {
      Files.createFile(point);
    }
    CommandResult result =
        Command.of(podInit, "idmap", source, point, owners.shift(), FileOwners.COUNT).run();
    if (!result.success()) {
      throw PodkitException.unsupported(
          "cannot shift the owners of " + source + ": " + result.stderr().strip(),
          FsHints.NO_SHIFT);
    }
    return point;
  }

  /** Unmounts all of them and removes the mount points; the overlay on them is gone. */
  void clear(StagingPaths paths) throws PodkitException, IOException {
    try (UndoStack steps = new UndoStack("unmount what a root is stacked on")) {
      for (Path point : points(paths)) {
        steps.push("remove " + point, () -> clear(point));
      }
    }
  }

  private void clear(Path point) throws IOException {
    MountPoint.clear(sys, point);
    Files.deleteIfExists(point);
  }

  private static boolean isOurs(Path point) {
    return point.getFileName().toString().matches("disk|lower[0-9]+|volume[0-9]+");
  }

  private static List<Path> points(StagingPaths paths) throws IOException {
    if (!Files.isDirectory(paths.mounts())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(paths.mounts())) {
      return all.filter(ShiftedMounts::isOurs).toList();
    }
  }
}
