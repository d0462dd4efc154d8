package io.podkit.procfs;

import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process's place in one hierarchy of control groups, a line of /proc/PID/cgroup.
 *
 * @param hierarchy 0 for v2
 * @param controllers those of a v1 hierarchy; empty for v2
 * @param path seen from the reader's cgroup namespace, beginning with a slash
 */
public record CgroupMembership(int hierarchy, List<String> controllers, String path) {

  /** Copies the list. */
  public CgroupMembership {
    controllers = List.copyOf(controllers);
  }

  /** All of a process's places. */
  public static List<CgroupMembership> of(Path proc, Pid pid) throws IOException {
    return parse(ProcFile.lines(ProcFile.of(proc, pid, "cgroup")));
  }

  /** Whether this is the place in the v2 hierarchy. */
  public boolean isUnified() {
    return hierarchy == 0;
  }

  static List<CgroupMembership> parse(List<String> lines) throws IOException {
    List<CgroupMembership> places = new ArrayList<>();
    for (String line : lines) {
      // At most three parts: a v1 name or a path may itself have a colon, the path comes last.
      List<String> parts = List.of(line.split(":", 3));
      if (parts.size() != 3 || !parts.get(0).matches("\\d{1,9}")) {
        throw ProcFile.malformed("cgroup", line);
      }
      String controllers = parts.get(1);
      places.add(
          new CgroupMembership(
              Integer.parseInt(parts.get(0)),
              controllers.isEmpty() ? List.of() : List.of(controllers.split(",", -1)),
              parts.get(2)));
    }
    return places;
  }
}
