package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.core.api.NetworkAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerAddressTest {
  /** Of a podman 4.3 container; {@code cat /proc/PID/net/route}. */
  private static final List<String> ROUTES =
      """
      Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
      eth0	00000000	0100580A	0003	0	0	0	00000000	0	0	0
      eth0	0000580A	00000000	0001	0	0	0	0000FFFF	0	0	0
      """
          .lines()
          .toList();

  /** {@code cat /proc/PID/net/fib_trie}, its second half left out. */
  private static final List<String> TRIE =
      """
      Main:
        +-- 0.0.0.0/1 2 0 2
           +-- 0.0.0.0/4 2 0 2
              |-- 0.0.0.0
                 /0 universe UNICAST
              +-- 10.88.0.0/16 2 0 2
                 +-- 10.88.0.0/29 2 0 2
                    |-- 10.88.0.0
                       /16 link UNICAST
                    |-- 10.88.0.6
                       /32 host LOCAL
                 |-- 10.88.255.255
                    /32 link BROADCAST
           +-- 127.0.0.0/8 2 0 2
              +-- 127.0.0.0/31 1 0 0
                 |-- 127.0.0.0
                    /8 host LOCAL
                 |-- 127.0.0.1
                    /32 host LOCAL
      """
          .lines()
          .toList();

  private static final List<String> INET6 =
      List.of(
          "fe80000000000000b4c9f8fffe47a486 02 40 20 80     eth0",
          "00000000000000000000000000000001 01 80 10 80       lo");

  @Test
  void anAddressIsThatOfItsNetwork() {
    assertThat(ContainerAddress.parse(ROUTES, TRIE, INET6, "b6:c9:f8:47:a4:86"))
        .isEqualTo(
            new NetworkAddress(
                "10.88.0.6", 16, "fe80:0:0:0:b4c9:f8ff:fe47:a486", 64, "b6:c9:f8:47:a4:86"));
  }

  @Test
  void aGlobalAddressGoesBeforeThatOfTheLink() {
    List<String> both =
        List.of("fd770000000000000000000000000009 02 30 00 80     eth0", INET6.get(0));
    NetworkAddress address = ContainerAddress.parse(ROUTES, TRIE, both, "");
    assertThat(address).isNotNull();
    assertThat(address.ipv6()).isEqualTo("fd77:0:0:0:0:0:0:9");
    assertThat(address.ipv6Prefix()).isEqualTo(48);
  }

  @Test
  void noAddressWithoutEth0() {
    assertThat(ContainerAddress.parse(ROUTES.subList(0, 1), TRIE, INET6, "")).isNull();
    assertThat(ContainerAddress.parse(ROUTES, TRIE.subList(11, 15), INET6, "")).isNull();
    assertThat(ContainerAddress.parse(ROUTES, List.of(), List.of(), "")).isNull();
  }
}
