package io.podkit.core.launch;

import io.podkit.core.api.VolumeSpec;
import io.podkit.fs.api.MountedRoot;
import java.nio.file.Path;
import java.util.List;

/**
 * What every pod finds mounted. The proc file system is the pod's own, but with an identity-mapped
 * user namespace root in the pod has the uid that owns the host's sysctls, so {@code /proc/sys} is
 * read-only and what reveals or controls the host is covered.
 */
public final class StandardMounts {
  private static final String PROC_FLAGS = "nosuid,nodev,noexec";

  /** Names in /proc that the pod's null device lies on, where the kernel has them. */
  public static final List<String> COVERED =
      List.of(
          "kcore",
          "keys",
          "latency_stats",
          "timer_list",
          "timer_stats",
          "sched_debug",
          "sysrq-trigger");

  private static final List<String> READ_ONLY = List.of("bus", "fs", "irq");

  private StandardMounts() {}

  /**
   * Adds the mount records, in the order in which they are made.
   *
   * @param mounted its parts on the host
   */
  static void addTo(Plan plan, MountedRoot mounted, List<VolumeSpec> volumes) {
    Path root = mounted.root();
    Path dev = mounted.dev();
    plan.add("mount", dev, "/dev", "", "bind", "");
    plan.add("mount", mounted.shm(), "/dev/shm", "", "bind", "");
    plan.add(
        "mount",
        "devpts",
        "/dev/pts",
        "devpts",
        "nosuid,noexec",
        "newinstance,ptmxmode=0666,mode=0620,gid=5");
    plan.add("mount", "mqueue", "/dev/mqueue", "mqueue", PROC_FLAGS, "");
    plan.add("mount", "proc", "/proc", "proc", PROC_FLAGS, "");
    plan.add("mount", root.resolve("proc/sys"), "/proc/sys", "", "bind,ro," + PROC_FLAGS, "");
    for (String name : READ_ONLY) {
      plan.add(
          "mount",
          root.resolve("proc").resolve(name),
          "/proc/" + name,
          "",
          "bind,ro,optional," + PROC_FLAGS,
          "");
    }
    for (String name : COVERED) {
      plan.add("mount", dev.resolve("null"), "/proc/" + name, "", "bind,optional", "");
    }
    for (int i = 0; i < volumes.size(); i++) {
      VolumeSpec volume = volumes.get(i);
      String flags = volume.readOnly() ? "rbind,ro" : "rbind";
      plan.add("mount", mounted.volume(i), volume.destination(), "", flags, "");
    }
  }
}
