package io.podkit.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.NetworkAddress;
import io.podkit.error.PodkitException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressAllocatorTest {
  private static final NetworkConfig CONFIG =
      new NetworkConfig(
          "pod0", "10.77.0.0/16", "10.77.0.11", "10.77.1.0/29", "fd77::/64", "fd77::11", false);

  private final AddressAllocator allocator = new AddressAllocator(CONFIG);

  @Test
  void allocate_ipv6AndMacFollowFromIpv4() throws PodkitException {
    NetworkAddress address = allocator.allocate("0123456789ab", "10.77.1.5", Set.of());
    assertThat(address)
        .isEqualTo(
            new NetworkAddress("10.77.1.5", 16, "fd77:0:0:0:0:0:a4d:105", 64, "0e:50:0a:4d:01:05"));
  }

  @Test
  void allocate_fillsThePoolAndThenRefuses() throws PodkitException {
    Set<String> used = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      String next = allocator.allocate("abcdef01234" + i, null, used).ipv4();
      assertThat(next).startsWith("10.77.1.").isNotEqualTo("10.77.1.0").isNotEqualTo("10.77.1.7");
      assertThat(used.add(next)).isTrue();
    }
    assertThatThrownBy(() -> allocator.allocate("abcdef012349", null, used))
        .hasMessageContaining("no address is left");
  }

  @Test
  void allocate_refusesTheGateway() {
    assertThatThrownBy(() -> allocator.allocate("00", "10.77.0.11", Set.of()))
        .hasMessageContaining("in use");
  }

  @Test
  void allocate_refusesAnotherSubnet() {
    assertThatThrownBy(() -> allocator.allocate("00", "10.78.0.1", Set.of()))
        .hasMessageContaining("outside");
  }

  @Test
  void allocate_refusesANameWithoutLookingItUp() {
    assertThatThrownBy(() -> allocator.allocate("00", "localhost", Set.of()))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("not an IP address");
  }
}
