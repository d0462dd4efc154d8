package io.podkit.fs.staging;

import io.podkit.linux.Device;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileType;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What every pod finds in its {@code /dev}. */
final class DeviceNodes {

  private static final int MEM = 1;
  private static final Map<String, Device> NODES =
      new TreeMap<>(
          Map.of(
              "null", new Device(MEM, 3),
              "zero", new Device(MEM, 5),
              "full", new Device(MEM, 7),
              "random", new Device(MEM, 8),
              "urandom", new Device(MEM, 9),
              "tty", new Device(5, 0)));
  private static final Map<String, String> LINKS =
      new TreeMap<>(
          Map.of(
              "ptmx", "pts/ptmx",
              "fd", "/proc/self/fd",
              "stdin", "/proc/self/fd/0",
              "stdout", "/proc/self/fd/1",
              "stderr", "/proc/self/fd/2"));
  private static final List<String> DIRECTORIES = List.of("pts", "shm", "mqueue");

  private DeviceNodes() {}

  /** Fills an empty directory. */
  static void make(Syscalls sys, Path dev) throws ErrnoException {
    for (Map.Entry<String, Device> node : NODES.entrySet()) {
      PathAt at = PathAt.of(dev.resolve(node.getKey()));
      sys.mknod(at, FileType.CHARACTER_DEVICE, 0666, node.getValue());
      sys.chmod(at, 0666);
    }
    for (Map.Entry<String, String> link : LINKS.entrySet()) {
      sys.symlink(
          link.getValue().getBytes(StandardCharsets.US_ASCII),
          PathAt.of(dev.resolve(link.getKey())));
    }
    for (String directory : DIRECTORIES) {
      sys.mkdir(PathAt.of(dev.resolve(directory)), 0755);
    }
  }
}
