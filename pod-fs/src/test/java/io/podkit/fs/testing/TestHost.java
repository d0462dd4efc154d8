package io.podkit.fs.testing;

import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.process.Command;
import io.podkit.procfs.MountEntry;
import io.podkit.procfs.MountInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A host with directories of its own, which leaves nothing behind. */
public final class TestHost implements AutoCloseable {
  private final Syscalls sys = JnrSyscalls.load();
  private final Path directory;
  private final HostDirs dirs;
  private final PodFileSystem files;

  /** Makes one. */
  public TestHost() throws Exception {
    directory = Files.createTempDirectory("podkit-host");
    dirs = new HostDirs(directory.resolve("root"), directory.resolve("run"));
    Path init = Files.writeString(directory.resolve("pod-init"), "#!/bin/true\n");
    // Where the build puts it, beside the real helper.
    String library = "libpod-same-layer.so";
    Path built =
        Path.of(Objects.requireNonNull(System.getProperty("podkit.init"))).resolveSibling(library);
    Files.copy(built, directory.resolve(library));
    files = PodFileSystem.open(dirs, init);
  }

  /** The real system calls. */
  public Syscalls sys() {
    return sys;
  }

  /** Where it keeps its things. */
  public HostDirs dirs() {
    return dirs;
  }

  /** Its files. */
  public PodFileSystem files() {
    return files;
  }

  /** A place for the test's own files. */
  public Path scratch(String name) {
    return directory.resolve(name);
  }

  /** A directory with that file in it. */
  public Path directoryWith(String name, String file, String content) throws Exception {
    Path path = scratch(name).resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    return scratch(name);
  }

  /** What is mounted under this host's directories. */
  public List<Path> mounts() throws Exception {
    return MountInfo.self(Path.of("/proc")).under(directory).stream()
        .map(MountEntry::mountPoint)
        .toList();
  }

  /** The loop devices that show files of this host. */
  public List<String> loops() throws Exception {
    return Command.of("losetup", "--noheadings", "--output", "NAME,BACK-FILE,DIO,RO,AUTOCLEAR")
        .runOrThrow("list loop devices")
        .lines()
        .stream()
        .filter(line -> line.contains(directory.toString()))
        .toList();
  }

  /** A path for system calls. */
  public PathAt at(Path path) {
    return PathAt.of(path);
  }

  @Override
  public void close() throws Exception {
    for (Path mount : mounts()) {
      Command.of("umount", "-l", mount).run();
    }
    new TreeRemover(sys).remove(directory);
  }
}
