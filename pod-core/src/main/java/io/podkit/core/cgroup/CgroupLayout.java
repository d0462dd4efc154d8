package io.podkit.core.cgroup;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where this host's cgroup hierarchies are mounted: v2 alone, v1 alone, or v1 with a v2 hierarchy
 * beside it (hybrid).
 *
 * @param unified mount point of the v2 hierarchy, or null
 * @param unifiedControllers controllers that the v2 hierarchy offers
 * @param legacy mount point of each v1 controller
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">Control Group v2</a>
 */
public record CgroupLayout(
    @Nullable Path unified, Set<String> unifiedControllers, Map<String, Path> legacy) {
  public CgroupLayout {
    unifiedControllers = Set.copyOf(unifiedControllers);
    legacy = Map.copyOf(legacy);
  }

  /** Reads the layout of the running host. */
  public static CgroupLayout detect() throws PodkitException {
    try {
      List<String> mounts = Files.readAllLines(Path.of("/proc/self/mounts"));
      Path unified = unifiedMount(mounts);
      String offered =
          unified == null ? "" : Files.readString(unified.resolve("cgroup.controllers"));
      return parse(mounts, offered);
    } catch (IOException e) {
      throw PodkitException.io("cannot read how cgroups are mounted", e);
    }
  }

  static CgroupLayout parse(List<String> mounts, String unifiedControllers) {
    Map<String, Path> legacy = new LinkedHashMap<>();
    for (String line : mounts) {
      String[] fields = line.split(" ", -1);
      if (fields[2].equals("cgroup")) {
        for (String option : fields[3].split(",", -1)) {
          legacy.putIfAbsent(option, Path.of(fields[1]));
        }
      }
    }
    legacy.keySet().retainAll(Set.of("memory", "cpu", "cpuacct", "pids", "freezer"));
    Set<String> offered =
        Set.copyOf(
            Arrays.stream(unifiedControllers.trim().split("\\s+", -1))
                .filter(name -> !name.isEmpty())
                .toList());
    return new CgroupLayout(unifiedMount(mounts), offered, legacy);
  }

  private static @Nullable Path unifiedMount(List<String> mounts) {
    for (String line : mounts) {
      String[] fields = line.split(" ", -1);
      if (fields[2].equals("cgroup2")) {
        return Path.of(fields[1]);
      }
    }
    return null;
  }

  /** The hierarchy that offers {@code controller}, the v1 one if both do; null if none. */
  @Nullable Path hierarchyOf(String controller) {
    Path old = legacy.get(controller);
    return old != null ? old : unifiedControllers.contains(controller) ? unified : null;
  }

  /** Whether some hierarchy offers {@code controller}. */
  public boolean offers(String controller) {
    return hierarchyOf(controller) != null;
  }

  boolean isUnified(String controller) {
    return !legacy.containsKey(controller);
  }

  /** Every hierarchy a pod needs a group in, each once. */
  List<Path> hierarchies() {
    Set<Path> distinct = new LinkedHashSet<>();
    if (unified != null) {
      distinct.add(unified);
    }
    for (String controller : List.of("memory", "cpu", "cpuacct", "pids")) {
      Path mount = legacy.get(controller);
      if (mount != null) {
        distinct.add(mount);
      }
    }
    Path freezer = legacy.get("freezer");
    if (unified == null && freezer != null) {
      // Only where there is no v2 freezer: the v1 freezer hangs for ever on a stopped task.
      distinct.add(freezer);
    }
    return new ArrayList<>(distinct);
  }

  /** A name for people: {@code v2}, {@code v1} or {@code hybrid}. */
  public String describe() {
    return unified == null ? "v1" : legacy.isEmpty() ? "v2" : "hybrid";
  }
}
