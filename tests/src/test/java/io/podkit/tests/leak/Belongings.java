package io.podkit.tests.leak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of the machine could be ours: mounts, loop devices, cgroups, processes, files (a namespace
 * shows as the process or mount that holds it). Comparing two shows what came to stay. Things of
 * others may come and go meanwhile, so only what bears a mark of ours is listed, except for mounts
 * and loop devices, which nobody makes in passing.
 */
final class Belongings {

  /** Names of files that are ours. */
  private static final Pattern FILE = Pattern.compile("podkit|pod-init|criu|^pod$");

  /**
   * Programs that are ours: the helper, CRIU, whatever runs the pod command, and what the tests
   * started in a directory of ours, such as a Docker daemon.
   */
  private static final Pattern PROCESS =
      Pattern.compile(
          "^(pod-init|pod-monitor|criu) |/podkit[.]jar|/criu[-0-9.]*[/\\x00]|/podkit-docker-it/");

  /** Where files of ours could be left. */
  private static final List<Path> PLACES =
      List.of(
          Path.of("/tmp"),
          Path.of("/run"),
          Path.of("/dev/shm"),
          Path.of("/var/lib"),
          Path.of("/var/tmp"));

  private static final Path PROC = Path.of("/proc");

  private final Set<String> things = new TreeSet<>();

  private Belongings() {}

  /** Looks around now. */
  static Belongings now() {
    Belongings all = new Belongings();
    all.addMounts();
    all.addLoopDevices();
    all.addCgroups();
    all.addProcesses();
    PLACES.forEach(all::addFiles);
    return all;
  }

  /** What is here and was not there before. */
  Set<String> since(Belongings before) {
    Set<String> grown = new TreeSet<>(things);
    grown.removeAll(before.things);
    return grown;
  }

  private void addMounts() {
    for (String line : lines(PROC.resolve("self/mountinfo"))) {
      things.add("mount " + line.split(" ", -1)[4]);
    }
  }

  private void addLoopDevices() {
    for (Path device : list(Path.of("/sys/block"))) {
      Path backing = device.resolve("loop/backing_file");
      if (Files.exists(backing)) {
        things.add("loop device " + device.getFileName() + " on " + first(backing));
      }
    }
  }

  /** What bears our name at the top of each hierarchy, and what lies in it. */
  private void addCgroups() {
    for (String line : lines(PROC.resolve("self/mountinfo"))) {
      if (line.contains(" - cgroup")) {
        for (Path top : list(Path.of(line.split(" ", -1)[4]))) {
          if (top.getFileName().toString().startsWith("podkit")) {
            addTree("cgroup ", top);
          }
        }
      }
    }
  }

  private void addTree(String kind, Path top) {
    try (Stream<Path> tree = Files.walk(top, 3)) {
      tree.filter(Files::isDirectory).forEach(path -> things.add(kind + path));
    } catch (IOException | UncheckedIOException e) {
      things.add(kind + top + " (unreadable: " + e.getMessage() + ")");
    }
  }

  /** Processes whose program or cgroup is ours. */
  private void addProcesses() {
    for (Path process : list(PROC)) {
      String pid = process.getFileName().toString();
      if (pid.chars().allMatch(Character::isDigit) && !pid.equals(ownPid())) {
        String what = first(process.resolve("comm")) + " " + first(process.resolve("cmdline"));
        String groups = String.join(" ", lines(process.resolve("cgroup")));
        if (PROCESS.matcher(what).find() || groups.contains("/podkit")) {
          things.add("process " + pid + " " + what.replace('\0', ' ').strip());
        }
      }
    }
  }

  private void addFiles(Path place) {
    for (Path file : list(place)) {
      if (FILE.matcher(file.getFileName().toString()).find()) {
        things.add("file " + file);
      }
    }
  }

  private static String ownPid() {
    return String.valueOf(ProcessHandle.current().pid());
  }

  /** Empty if it is gone meanwhile, as processes may be. */
  private static List<String> lines(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String first(Path file) {
    return lines(file).stream().findFirst().orElse("");
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
