package io.podkit.fs.staging;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.Lower;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagingFs;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.layer.DiskLayerStore;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.MountCalls;
import io.podkit.linux.MountFlag;
import io.podkit.linux.Pid;
import io.podkit.linux.Syscalls;
import io.podkit.linux.UnmountFlag;
import io.podkit.procfs.MountEntry;
import io.podkit.procfs.MountInfo;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Staging filesystems made of overlayfs and tmpfs.
 *
 * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html">overlayfs</a>
 */
public final class OverlayStaging implements StagingFs {

  private static final Path PROC = Path.of("/proc");

  private final HostDirs dirs;
  private final Path podInit;
  private final DiskLayerStore layers;
  private final Supplier<Syscalls> syscalls;

  /**
   * The staging filesystems of one host.
   *
   * @param podInit copied into every new pod
   * @param syscalls asked for when first needed: the library behind it is slow to load
   */
  public OverlayStaging(
      HostDirs dirs, Path podInit, DiskLayerStore layers, Supplier<Syscalls> syscalls) {
    this.dirs = dirs;
    this.podInit = podInit;
    this.layers = layers;
    this.syscalls = syscalls;
  }

  @Override
  public Path upper(StagingName name) {
    return dirs.pod(name).resolve("upper");
  }

  private Path work(StagingName name) {
    return dirs.pod(name).resolve("work");
  }

  @Override
  public void create(StagingSpec spec) throws PodkitException {
    createEmpty(spec);
    try {
      Path hidden = Files.createDirectories(upper(spec.name()).resolve(".pod"));
      Files.createDirectories(hidden.resolve("exec"));
      Files.createFile(hidden.resolve("stdout"));
      Files.createFile(hidden.resolve("stderr"));
      copyInit(spec.name());
    } catch (IOException e) {
      throw PodkitException.io("cannot make the files of pod " + spec.name(), e);
    }
  }

  /** A pod may have written over its own pid 1; before it starts it gets a fresh one. */
  private void copyInit(StagingName name) throws IOException {
    Path init = upper(name).resolve(".pod").resolve("init");
    Path fresh = upper(name).resolve(".pod").resolve("init.new");
    Files.copy(
        podInit, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(fresh, init, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void createEmpty(StagingSpec spec) throws PodkitException {
    Path upper = upper(spec.name());
    if (Files.exists(upper)) {
      throw PodkitException.conflict("there are files of a pod " + spec.name() + " already");
    }
    try {
      Files.createDirectories(upper);
      Files.createDirectories(work(spec.name()));
      if (Files.getFileStore(upper).type().equals("overlay")) {
        throw PodkitException.unsupported(
            "the root directory " + dirs.root() + " lies on an overlay", FsHints.UPPER_ON_OVERLAY);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot make the directories of pod " + spec.name(), e);
    }
  }

  @Override
  public MountedRoot mount(StagingSpec spec) throws PodkitException {
    StagingName name = spec.name();
    unmount(name);
    Path run = dirs.podRun(name);
    Syscalls sys = syscalls.get();
    try (UndoStack undo = new UndoStack("mount the files of pod " + name)) {
      undo.push("unmount them", () -> unmount(name));
      for (String point : List.of("root", "dev", "shm")) {
        Files.createDirectories(run.resolve(point));
      }
      String options = overlayOptions(spec);
      sys.mount("overlay", run.resolve("root"), "overlay", EnumSet.of(MountFlag.NO_DEV), options);
      sys.mount(
          "podkit-dev",
          run.resolve("dev"),
          "tmpfs",
          EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC),
          "mode=0755,size=1m");
      DeviceNodes.make(sys, run.resolve("dev"));
      sys.mount(
          "podkit-shm",
          run.resolve("shm"),
          "tmpfs",
          EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV, MountFlag.NO_EXEC),
          "mode=1777,size=" + spec.shmBytes());
      for (String point : List.of("root", "dev", "shm")) {
        sys.mount("none", run.resolve(point), "none", EnumSet.of(MountFlag.PRIVATE), "");
      }
      undo.commit();
      return new MountedStaging(name, run, this::unmount);
    } catch (IOException e) {
      throw PodkitException.io("cannot mount the files of pod " + name, e)
          .withHint(FsHints.CANNOT_MOUNT);
    }
  }

  private String overlayOptions(StagingSpec spec) throws PodkitException {
    List<Path> lower = new ArrayList<>();
    if (spec.lower() instanceof Lower.HostDirectory host) {
      lower.add(requireUsable(host.directory(), spec.name()));
    } else if (spec.lower() instanceof Lower.Layers stack) {
      for (LayerDigest layer : stack.layers()) {
        lower.add(layers.mount(layer, spec.name()));
      }
      Collections.reverse(lower); // overlayfs wants the topmost first
    }
    String options =
        "lowerdir="
            + lower.stream().map(OverlayStaging::escape).collect(Collectors.joining(":"))
            + ",upperdir="
            + escape(upper(spec.name()))
            + ",workdir="
            + escape(work(spec.name()))
            + ",index=on,nfs_export=on";
    if (options.length() > MountCalls.MAX_MOUNT_DATA) {
      throw PodkitException.refused(
          "pod " + spec.name() + " stands on " + lower.size() + " layers, more than fit one mount");
    }
    return options;
  }

  private Path requireUsable(Path directory, StagingName name) throws PodkitException {
    if (!Files.isDirectory(directory)) {
      throw PodkitException.notFound("there is no root directory " + directory);
    }
    if (!directory.equals(Path.of("/")) && upper(name).startsWith(directory)) {
      throw PodkitException.of(
          ErrorKind.USAGE, "the pod's own files lie within its root directory " + directory);
    }
    return directory;
  }

  /** A comma would end the option, a colon the directory. */
  private static String escape(Path path) {
    return path.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
  }

  @Override
  public Optional<MountedRoot> attach(StagingSpec spec) throws PodkitException {
    Path run = dirs.podRun(spec.name());
    try {
      boolean mounted = MountInfo.of(PROC, Pid.self()).at(run.resolve("root")).isPresent();
      return mounted
          ? Optional.of(new MountedStaging(spec.name(), run, this::unmount))
          : Optional.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot see what is mounted", e);
    }
  }

  @Override
  public void unmount(StagingName name) throws PodkitException {
    Path run = dirs.podRun(name);
    try {
      for (MountEntry mount : MountInfo.of(PROC, Pid.self()).under(run)) {
        detach(mount.mountPoint());
      }
      for (String point : List.of("root", "dev", "shm", "")) {
        Files.deleteIfExists(run.resolve(point));
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot unmount the files of pod " + name, e);
    }
    layers.releaseAll(name);
  }

  /** At once if nobody uses it, else when its last user leaves. */
  private void detach(Path point) throws ErrnoException {
    try {
      syscalls.get().umount2(point, EnumSet.of(UnmountFlag.DETACH, UnmountFlag.NO_FOLLOW));
    } catch (ErrnoException e) {
      if (!e.is(Errno.EINVAL) && !e.is(Errno.ENOENT)) {
        throw e; // these two: somebody else was faster
      }
    }
  }

  @Override
  public void remove(StagingName name) throws PodkitException {
    unmount(name);
    try {
      TreeRemover remover = new TreeRemover(syscalls.get());
      remover.remove(upper(name));
      remover.remove(work(name));
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot remove the files of pod " + name, e);
    }
  }
}
