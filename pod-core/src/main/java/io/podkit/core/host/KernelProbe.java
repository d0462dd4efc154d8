package io.podkit.core.host;

import static io.podkit.core.host.Findings.blocks;
import static io.podkit.core.host.Findings.note;
import static io.podkit.core.host.Findings.ok;

import io.podkit.core.api.HostCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Namespaces, filesystems and devices that every pod needs. */
final class KernelProbe implements Probe {
  private static final List<String> NAMESPACES = List.of("pid", "net", "mnt", "ipc", "uts", "user");

  private final Path proc;

  /**
   * A probe of one host.
   *
   * @param proc where the proc file system is mounted
   */
  KernelProbe(Path proc) {
    this.proc = proc;
  }

  @Override
  public List<HostCheck> look() {
    List<HostCheck> checks = new ArrayList<>();
    checks.add(namespaces());
    checks.add(filesystem("overlay", "the staging filesystem of pods"));
    checks.add(filesystem("squashfs", "the layers of images"));
    checks.add(
        Files.exists(Path.of("/dev/loop-control"))
            ? ok("loop devices", "available")
            : blocks(
                "loop devices", "/dev/loop-control is missing", "load the module: modprobe loop"));
    checks.add(runDirectory());
    return checks;
  }

  private HostCheck namespaces() {
    List<String> missing =
        NAMESPACES.stream()
            .filter(name -> !Files.exists(proc.resolve("self/ns").resolve(name)))
            .toList();
    return missing.isEmpty()
        ? ok("namespaces", String.join(" ", NAMESPACES))
        : blocks(
            "namespaces",
            "the kernel lacks " + String.join(" ", missing),
            "use a kernel built with them");
  }

  private HostCheck filesystem(String name, String what) {
    try {
      boolean known =
          Files.readAllLines(proc.resolve("filesystems")).stream()
              .anyMatch(line -> line.endsWith("\t" + name));
      return known
          ? ok(name, "available")
          : blocks(
              name,
              "the kernel does not know " + name + ", " + what,
              "load the module: modprobe " + name);
    } catch (IOException e) {
      return blocks(name, "cannot read the list of filesystems: " + e.getMessage(), "mount /proc");
    }
  }

  /** CRIU keeps what it learned about the kernel in /run/criu.kdat, but only on a tmpfs. */
  private static HostCheck runDirectory() {
    try {
      String type = Files.getFileStore(Path.of("/run")).type();
      return type.equals("tmpfs")
          ? ok("/run", "a tmpfs")
          : note(
              "/run",
              "is on "
                  + type
                  + ": CRIU cannot keep its knowledge of the kernel there, 50 ms per dump and restore",
              "Podkit works around it; mount a tmpfs on /run to be rid of it");
    } catch (IOException e) {
      return note("/run", "cannot be examined: " + e.getMessage(), "create it as a tmpfs");
    }
  }
}
