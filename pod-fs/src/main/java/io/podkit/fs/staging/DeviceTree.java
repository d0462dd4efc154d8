package io.podkit.fs.staging;

import io.podkit.fs.api.FileOwners;
import io.podkit.linux.Device;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileType;
import io.podkit.linux.MountFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tmpfs mounts of a pod and what every pod finds in its {@code /dev}. */
final class DeviceTree {

  private static final Map<String, Device> NODES =
      new TreeMap<>(
          Map.of(
              "null", new Device(1, 3),
              "zero", new Device(1, 5),
              "full", new Device(1, 7),
              "random", new Device(1, 8),
              "urandom", new Device(1, 9),
              "tty", new Device(5, 0)));

  private static final Map<String, String> LINKS =
      new TreeMap<>(
          Map.of(
              "ptmx", "pts/ptmx",
              "fd", "/proc/self/fd",
              "stdin", "/proc/self/fd/0",
              "stdout", "/proc/self/fd/1",
              "stderr", "/proc/self/fd/2"));

  /** Mount points that the pod's own mounts cover. */
  private static final List<String> DIRECTORIES = List.of("pts", "shm", "mqueue");

  private static final int EVERYBODY = 0666;
  private static final int DIRECTORY = 0755;

  private final Syscalls sys;

  DeviceTree(Syscalls sys) {
    this.sys = sys;
  }

  /** Mounts {@code /dev}: nodes work, programs and set-user-id bits do not. */
  void mountDev(Path dev, FileOwners owners) throws ErrnoException {
    sys.mount(
        "tmpfs",
        dev,
        "tmpfs",
        EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC),
        "mode=755,size=64m,nr_inodes=4096" + ownedBy(owners));
    sys.mount("none", dev, "", EnumSet.of(MountFlag.PRIVATE), "");
    for (Map.Entry<String, Device> node : NODES.entrySet()) {
      PathAt at = PathAt.of(dev.resolve(node.getKey()));
      sys.mknod(at, FileType.CHARACTER_DEVICE, EVERYBODY, node.getValue());
      give(at, owners);
      sys.chmod(at, EVERYBODY); // whatever our umask is
    }
    for (Map.Entry<String, String> link : LINKS.entrySet()) {
      byte[] target = link.getValue().getBytes(StandardCharsets.UTF_8);
      PathAt at = PathAt.of(dev.resolve(link.getKey()));
      sys.symlink(target, at);
      give(at, owners);
    }
    for (String directory : DIRECTORIES) {
      PathAt at = PathAt.of(dev.resolve(directory));
      sys.mkdir(at, DIRECTORY);
      give(at, owners);
      sys.chmod(at, DIRECTORY);
    }
  }

  /** Mounts {@code /dev/shm}. */
  void mountShm(Path shm, long bytes, FileOwners owners) throws ErrnoException {
    sys.mount(
        "tmpfs",
        shm,
        "tmpfs",
        EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV, MountFlag.NO_EXEC),
        "mode=1777,size=" + bytes + ownedBy(owners));
    sys.mount("none", shm, "", EnumSet.of(MountFlag.PRIVATE), "");
  }

  private static String ownedBy(FileOwners owners) {
    return owners.isShifted() ? ",uid=" + owners.shift() + ",gid=" + owners.shift() : "";
  }

  private void give(PathAt at, FileOwners owners) throws ErrnoException {
    if (owners.isShifted()) {
      sys.lchown(at, owners.shift(), owners.shift());
    }
  }
}
