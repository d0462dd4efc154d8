package io.podkit.core.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.procfs.CgroupMembership;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForeignCgroupTest {
  private static final CgroupMembership UNIFIED =
      new CgroupMembership(0, List.of(), "/machine.slice/libpod-7178.scope/container");
  private static final CgroupMembership FREEZER =
      new CgroupMembership(6, List.of("freezer"), "/libpod_parent/libpod-7178");

  @Test
  void theFreezerDecides() {
    CgroupLayout hybrid =
        new CgroupLayout(
            Path.of("/sys/fs/cgroup/unified"), Set.of(), Map.of("freezer", Path.of("/f")));
    CgroupLayout legacy = new CgroupLayout(null, Set.of(), Map.of("freezer", Path.of("/f")));
    assertThat(ForeignCgroup.relative(hybrid, List.of(FREEZER, UNIFIED)))
        .isEqualTo("machine.slice/libpod-7178.scope/container");
    assertThat(ForeignCgroup.relative(legacy, List.of(FREEZER, UNIFIED)))
        .isEqualTo("libpod_parent/libpod-7178");
    assertThat(ForeignCgroup.relative(legacy, List.of(UNIFIED))).isEmpty();
  }

  @Test
  void whoWasNotStartedByIt_isAStranger() {
    ProcessHandle self = ProcessHandle.current();
    long parent = self.parent().orElseThrow().pid();
    assertThat(ForeignCgroup.descends(self.pid(), parent)).isTrue();
    assertThat(ForeignCgroup.descends(self.pid(), self.pid())).isTrue();
    assertThat(ForeignCgroup.descends(parent, self.pid())).isFalse();
    assertThat(ForeignCgroup.descends(Long.MAX_VALUE, self.pid())).isTrue(); // as if ended
  }
}
