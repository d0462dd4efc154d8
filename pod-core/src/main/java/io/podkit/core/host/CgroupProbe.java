package io.podkit.core.host;

import static io.podkit.core.host.Findings.blocks;
import static io.podkit.core.host.Findings.note;
import static io.podkit.core.host.Findings.ok;

import io.podkit.core.api.HostCheck;
import io.podkit.core.cgroup.CgroupFactory;
import io.podkit.core.cgroup.CgroupLayout;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;

/** How cgroups are laid out: what can be limited, and what a pod is frozen with. */
final class CgroupProbe implements Probe {
  private final CgroupFactory cgroups;

  CgroupProbe(CgroupFactory cgroups) {
    this.cgroups = cgroups;
  }

  @Override
  public List<HostCheck> look() {
    CgroupLayout layout;
    try {
      layout = cgroups.layout();
    } catch (PodkitException e) {
      return List.of(blocks("cgroups", e.what(), "mount cgroup v2 on /sys/fs/cgroup"));
    }
    List<HostCheck> checks = new ArrayList<>();
    checks.add(ok("cgroups", layout.describe()));
    checks.add(freezer(layout));
    List<String> missing =
        List.of("memory", "cpu", "pids").stream().filter(name -> !layout.offers(name)).toList();
    if (!missing.isEmpty()) {
      checks.add(
          note(
              "limits",
              "no controller for "
                  + String.join(", ", missing)
                  + ": pods with such a limit are refused",
              "boot with the controller enabled"));
    }
    return checks;
  }

  private static HostCheck freezer(CgroupLayout layout) {
    if (layout.unified() != null) {
      return ok("freezer", "cgroup v2");
    }
    return layout.legacy().containsKey("freezer")
        ? note(
            "freezer",
            "cgroup v1 only: a pod with a stopped (SIGSTOP) process cannot be frozen by it",
            "mount cgroup v2 too: mount -t cgroup2 none /sys/fs/cgroup/unified")
        : blocks("freezer", "none", "mount cgroup v2 on /sys/fs/cgroup");
  }
}
