package io.podkit.core.container;

import io.podkit.core.api.VolumeSpec;
import io.podkit.core.launch.StandardMounts;
import io.podkit.core.store.ContainerOrigin.CoveredPath;
import io.podkit.procfs.MountEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Sorts what is mounted in a container into what a pod has by itself, what travels as a volume, and
 * what is to be covered there as it was here.
 *
 * @param volumes directories and files of the host
 * @param covers what has nothing in it: masks of the engine, and its view of this host's control
 *     groups
 * @param unknown mounts that a pod could not have; they are in the way of a move
 */
record MountSurvey(List<VolumeSpec> volumes, List<CoveredPath> covers, List<String> unknown) {
  private static final Path ROOT = Path.of("/");
  private static final Path PROC = Path.of("/proc");
  private static final Path SYS = Path.of("/sys");

  /** A pod has its own there, made on the host. */
  private static final Set<Path> STANDARD = Set.of(ROOT, Path.of("/dev"), Path.of("/dev/shm"));

  /** CRIU makes them again, empty or as they were. */
  private static final Set<String> REMADE = Set.of("proc", "sysfs", "devpts", "mqueue");

  private static final Set<String> CONTROL_GROUPS = Set.of("cgroup", "cgroup2");

  /**
   * @param mounts as the container sees them
   */
  static MountSurvey of(List<MountEntry> mounts, ContainerLayout layout) {
    MountSurvey survey = new MountSurvey(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Map<Path, ContainerLayout.Mount> binds = layout.binds();
    for (MountEntry mount : mounts) {
      ContainerLayout.Mount bind = binds.get(mount.mountPoint());
      if (!mount.propagation().isEmpty()) {
        survey.unknown.add(mount.mountPoint() + ", which follows what is mounted on this host");
      } else if (!STANDARD.contains(mount.mountPoint()) && bind != null) {
        survey.volumes.add(
            VolumeSpec.of(
                Path.of(Objects.requireNonNull(bind.source())),
                mount.mountPoint(),
                bind.isReadOnly()));
      } else {
        survey.sort(mount, layout);
      }
    }
    return survey;
  }

  private void sort(MountEntry mount, ContainerLayout layout) {
    Path place = mount.mountPoint();
    if (STANDARD.contains(place)
        || REMADE.contains(mount.type())
        || layout.tmpfs().contains(place)) {
      return;
    }
    boolean masked = layout.masked().contains(place);
    if (masked && mount.root().equals("/null")) {
      if (!isCoveredInEveryPod(place)) {
        covers.add(new CoveredPath(place.toString(), false));
      }
    } else if (masked || (place.startsWith(SYS) && isOfControlGroups(mount))) {
      covers.add(new CoveredPath(place.toString(), true));
    } else {
      unknown.add(place + ", of type " + mount.type());
    }
  }

  private static boolean isOfControlGroups(MountEntry mount) {
    return CONTROL_GROUPS.contains(mount.type()) || mount.type().equals("tmpfs");
  }

  private static boolean isCoveredInEveryPod(Path place) {
    return place.startsWith(PROC)
        && StandardMounts.COVERED.contains(PROC.relativize(place).toString());
  }
}
