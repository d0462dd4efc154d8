package io.podkit.procfs;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the control group hierarchies are mounted.
 *
 * @param unified the v2 hierarchy, or null. Beside v1 hierarchies ("hybrid") it usually has no
 *     controllers but still {@code cgroup.freeze}
 * @param v1 each v1 controller's hierarchy, {@code freezer} or {@code name=systemd} for instance
 */
public record CgroupMounts(@Nullable Path unified, Map<String, Path> v1) {

  private static final List<String> NOT_CONTROLLERS =
      List.of("rw", "ro", "noprefix", "clone_children", "xattr");

  /** Copies the map. */
  public CgroupMounts {
    v1 = Map.copyOf(v1);
  }

  /** Finds them among the mounts; the first mount of a hierarchy counts, later ones are binds. */
  public static CgroupMounts of(MountInfo mounts) {
    Path unified = null;
    Map<String, Path> v1 = new HashMap<>();
    for (MountEntry mount : mounts.mounts()) {
      if (mount.type().equals("cgroup2") && unified == null) {
        unified = mount.mountPoint();
      } else if (mount.type().equals("cgroup")) {
        for (String option : mount.superOptions()) {
          if (!NOT_CONTROLLERS.contains(option)) {
            v1.putIfAbsent(option, mount.mountPoint());
          }
        }
      }
    }
    return new CgroupMounts(unified, v1);
  }

  /** Whether v2 is all there is, as on current distributions. */
  public boolean isPureV2() {
    return unified != null && v1.isEmpty();
  }
}
