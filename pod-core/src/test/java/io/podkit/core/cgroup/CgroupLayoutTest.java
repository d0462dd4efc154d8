package io.podkit.core.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupLayoutTest {
  @Test
  void parse_pureV2() {
    CgroupLayout layout =
        CgroupLayout.parse(
            List.of(
                "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0"),
            "cpuset cpu io memory hugetlb pids rdma misc\n");
    assertThat(layout.describe()).isEqualTo("v2");
    assertThat(layout.hierarchyOf("memory")).isEqualTo(Path.of("/sys/fs/cgroup"));
    assertThat(layout.hierarchies()).containsExactly(Path.of("/sys/fs/cgroup"));
  }

  @Test
  void parse_hybridTakesLimitsFromV1AndTheFreezerFromV2() {
    CgroupLayout layout =
        CgroupLayout.parse(
            List.of(
                "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0",
                "cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0",
                "cgroup /sys/fs/cgroup/freezer cgroup rw,relatime,freezer 0 0",
                "cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,name=systemd 0 0",
                "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0"),
            "hugetlb\n");
    assertThat(layout.describe()).isEqualTo("hybrid");
    assertThat(layout.hierarchyOf("pids")).isNull();
    assertThat(layout.isUnified("memory")).isFalse();
    assertThat(layout.hierarchies())
        .containsExactly(
            Path.of("/sys/fs/cgroup/unified"),
            Path.of("/sys/fs/cgroup/memory"),
            Path.of("/sys/fs/cgroup/cpu,cpuacct"));
  }

  @Test
  void parse_v1AloneFreezesThroughV1() {
    CgroupLayout layout =
        CgroupLayout.parse(
            List.of("cgroup /sys/fs/cgroup/freezer cgroup rw,relatime,freezer 0 0"), "");
    assertThat(layout.describe()).isEqualTo("v1");
    assertThat(layout.hierarchies()).containsExactly(Path.of("/sys/fs/cgroup/freezer"));
  }
}
