package io.podkit.core.container;

import io.podkit.linux.Pid;
import io.podkit.procfs.ProcStat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the engine is called that owns a container. podman may have several stores on one host, and
 * finds a container only with the options that it was started with; it leaves them with the monitor
 * (conmon) that is the parent of the container's pid 1, to be called when the container ends.
 */
final class EngineCommand {
  private static final Path PROC = Path.of("/proc");
  private static final String MONITOR = "conmon";
  private static final String PROGRAM = "--exit-command";
  private static final String ARGUMENT = "--exit-command-arg";
  private static final String VERB = "container";

  private EngineCommand() {}

  /** Program and global options, to be completed by a verb; empty if the monitor is no podman's. */
  static Optional<List<String>> of(long pid) throws IOException {
    Optional<ProcStat> container = ProcStat.of(PROC, new Pid(pid));
    if (container.isEmpty()) {
      return Optional.empty();
    }
    Path monitor = PROC.resolve(Long.toString(container.get().parent()));
    if (!Files.isSymbolicLink(monitor.resolve("exe"))
        || !Files.readSymbolicLink(monitor.resolve("exe")).endsWith(MONITOR)) {
      return Optional.empty();
    }
    String line =
        new String(Files.readAllBytes(monitor.resolve("cmdline")), StandardCharsets.UTF_8);
    return parse(List.of(line.split("\0", -1)));
  }

  /** From the monitor's own words. */
  static Optional<List<String>> parse(List<String> words) {
    List<String> command = new ArrayList<>();
    for (int i = 0; i + 1 < words.size(); i++) {
      String value = words.get(i + 1);
      if (words.get(i).equals(PROGRAM)) {
        command.add(0, value);
        i++;
      } else if (words.get(i).equals(ARGUMENT)) {
        if (value.equals(VERB)) {
          return command.isEmpty() || !Path.of(command.get(0)).endsWith("podman")
              ? Optional.empty()
              : Optional.of(command);
        }
        command.add(value);
        i++;
      }
    }
    return Optional.empty();
  }
}
