package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContainerCableTest {
  /** {@code ip -o -d link show} in a container on podman's bridge, shortened. */
  private static final String CONTAINER =
      """
      1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 \\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
      2: eth0@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 \\    link/ether 62:70:cb:ba:e9:3a brd ff:ff:ff:ff:ff:ff link-netnsid 0 \\    veth addrgenmode eui64
      """;

  private static ContainerCable seen(String container, String host) {
    return ContainerCable.between(ContainerCable.parse(container), ContainerCable.parse(host));
  }

  @Test
  void aCable_hasTwoEndsThatNameEachOther() {
    String host =
        """
        4: veth1@if2: <BROADCAST> mtu 1500 master pod0 \\    link/ether 0a:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 3 \\    veth addrgenmode eui64
        """;
    ContainerCable cable = seen(CONTAINER, host);
    assertThat(cable.hostEnd()).isEqualTo("veth1");
    assertThat(cable.mac()).isEqualTo("62:70:cb:ba:e9:3a");
    assertThat(cable.others()).isEmpty();
  }

  @Test
  void aDeviceWithTheSameNumber_isNotTheOtherEnd() {
    String host =
        """
        4: veth1@if9: <BROADCAST> mtu 1500 \\    link/ether 0a:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff \\    veth addrgenmode eui64
        """;
    assertThat(seen(CONTAINER, host).hostEnd()).isNull();
    assertThat(
            seen(CONTAINER, "4: eth1: <BROADCAST> mtu 1500 link/ether 0a:00:00:00:00:02").hostEnd())
        .isNull();
  }

  @Test
  void otherDevices_areNamed() {
    String macvlan =
        """
        2: eth0@if4: <BROADCAST> mtu 1500 \\    link/ether 62:70:cb:ba:e9:3a brd ff:ff:ff:ff:ff:ff \\    macvlan mode bridge
        3: tun0: <POINTOPOINT> mtu 1500 \\    link/none
        """;
    ContainerCable cable =
        seen(macvlan, "4: veth1@if2: <> mtu 1500 link/ether 0a:00:00:00:00:01 veth x");
    assertThat(cable.hostEnd()).isNull();
    assertThat(cable.mac()).isNotEmpty();
    assertThat(cable.others()).containsExactly("tun0");
  }
}
