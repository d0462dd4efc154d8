package io.podkit.tests.lab;

import io.podkit.core.cgroup.CgroupFactory;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a host without pods still has of one: asked of the kernel and the disk, not of Podkit. The
 * agent and the layers' files are no remains.
 */
final class Remains {
  private static final Path PROC = Path.of("/proc");

  /** Programs that belong to one pod or one migration. */
  private static final List<String> PROGRAMS = List.of("criu", "pod-init", "pod-monitor");

  private Remains() {}

  static List<String> on(Host host) throws PodkitException, IOException {
    List<String> found = new ArrayList<>();
    found.addAll(named("record ", list(host.root().resolve("pods"))));
    found.addAll(named("mount ", mounts(host.run())));
    found.addAll(named("memory ", list(host.run().resolve("images"))));
    found.addAll(processes(host));
    found.addAll(cables(host));
    return found;
  }

  private static List<String> named(String kind, List<Path> paths) {
    return paths.stream().map(path -> kind + path).toList();
  }

  private static List<Path> mounts(Path below) throws IOException {
    return Files.readAllLines(PROC.resolve("self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
        .map(line -> Path.of(line.split(" ", -1)[4]))
        .filter(mount -> mount.startsWith(below))
        .toList();
  }

  /** Whoever is in a control group of the host's pods, and helpers in the host's network. */
  private static List<String> processes(Host host) throws IOException {
    String pods = "/podkit/" + CgroupFactory.tag(new HostDirs(host.root(), host.run())) + "/";
    List<String> found = new ArrayList<>();
    for (Path process : list(PROC)) {
      if (Character.isDigit(process.getFileName().toString().charAt(0))) {
        String name = text(process.resolve("comm"));
        boolean member = text(process.resolve("cgroup")).contains(pods);
        if (member || (PROGRAMS.contains(name) && isIn(process, host))) {
          found.add("process " + process.getFileName() + " " + name);
        }
      }
    }
    return found;
  }

  private static boolean isIn(Path process, Host host) {
    try {
      return Files.isSameFile(process.resolve("ns/net"), host.network());
    } catch (IOException e) {
      return false; // it has just ended
    }
  }

  /** The pods' ends on the host are named so. */
  private static List<String> cables(Host host) throws PodkitException {
    return host.exec("ip", "-o", "link").runOrThrow("cannot list the cables").lines().stream()
        .map(line -> line.split(" ", -1)[1])
        .filter(device -> device.startsWith("pv"))
        .map(device -> "cable " + device)
        .toList();
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return ""; // it has just ended
    }
  }
}
