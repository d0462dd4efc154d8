package io.podkit.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilityTest {
  @Test
  void mask_isTheOneTheKernelShowsForPodmansDefaultSet() {
    // CapBnd of a container started by podman 4.3 without options.
    assertThat(Long.toHexString(Capability.mask(Capability.DEFAULT))).isEqualTo("800405fb");
  }

  @Test
  void mask_ofAllReachesTheNewestCapability() {
    assertThat(Capability.mask(List.of(Capability.values()))).isEqualTo((1L << 41) - 1);
  }

  @Test
  void resolve_dropAllThenAddLeavesTheAdded() {
    assertThat(Capability.resolve(List.of("NET_ADMIN"), List.of("ALL")))
        .containsExactly(Capability.NET_ADMIN);
  }

  @Test
  void resolve_addAllThenDropLeavesTheRest() {
    assertThat(Capability.resolve(List.of("all"), List.of("cap_sys_admin")))
        .hasSize(Capability.values().length - 1)
        .doesNotContain(Capability.SYS_ADMIN);
  }

  @Test
  void parse_refusesWhatIsNoCapability() {
    assertThatThrownBy(() -> Capability.parse("FLY")).hasMessageContaining("FLY");
  }
}
