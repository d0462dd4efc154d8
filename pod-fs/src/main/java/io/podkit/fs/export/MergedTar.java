package io.podkit.fs.export;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.mount.MountPoint;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.MountFlag;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Writes layers as the one tree that they make together, which an overlay without a top shows. */
final class MergedTar {
  private static final Set<OpenFlag> DIRECTORY = EnumSet.of(OpenFlag.PATH, OpenFlag.DIRECTORY);
  private static final Set<MountFlag> HARMLESS = EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_DEV);

  private final Syscalls sys;
  private final OutputStream out;
  private final Path target;

  /**
   * @param target a directory that is made and removed
   */
  MergedTar(Syscalls sys, OutputStream out, Path target) {
    this.sys = sys;
    this.out = out;
    this.target = target;
  }

  /**
   * Writes them.
   *
   * @param trees the lowest first
   */
  void write(List<Path> trees) throws PodkitException, IOException {
    if (trees.size() == 1) {
      tar(trees.get(0)); // an overlay needs two
      return;
    }
    PrivateDirectory.create(target);
    try (UndoStack undo = new UndoStack("merge layers")) {
      undo.push("remove the mount point", () -> Files.delete(target));
      undo.push("unmount", () -> MountPoint.clear(sys, target));
      mount(trees);
      tar(target);
    }
  }

  /** By open directories: their paths are short, so that all layers fit into one mount call. */
  private void mount(List<Path> trees) throws PodkitException {
    List<Path> highestFirst = new ArrayList<>(trees);
    Collections.reverse(highestFirst);
    try (UndoStack open = new UndoStack("open layers")) {
      List<String> lowers = new ArrayList<>();
      for (Path tree : highestFirst) {
        Fd fd = sys.open(PathAt.of(tree), DIRECTORY, 0);
        open.push("close " + tree, fd::close);
        lowers.add(fd.procPath().toString());
      }
      String options = "lowerdir=" + String.join(":", lowers) + ",xino=on";
      sys.mount("overlay", target, "overlay", HARMLESS, options);
      sys.mount("none", target, "", EnumSet.of(MountFlag.PRIVATE), "");
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot merge the layers", e);
    }
  }

  private void tar(Path tree) throws PodkitException, IOException {
    new LayerTar(sys, Set.of(), out).write(tree);
  }
}
