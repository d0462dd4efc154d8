package io.podkit.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatsSamplerTest {
  /** Verbatim /proc/PID/net/dev of a pod. */
  private static final List<String> DEV =
      List.of(
          "Inter-|   Receive                                                |  Transmit",
          " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier"
              + " compressed",
          "    lo:     180       2    0    0    0     0          0         0      180       2    0    0    0     0       0"
              + "          0",
          "  eth0: 2311074   15820    0    0    0     0          0         0  1204312   15604    0    0    0     0       0"
              + "          0");

  @Test
  void parseTraffic_takesEth0sBytes() {
    assertThat(StatsSampler.parseTraffic(DEV)).containsExactly(2311074, 1204312);
  }

  @Test
  void parseTraffic_withoutEth0IsZero() {
    assertThat(StatsSampler.parseTraffic(DEV.subList(0, 3))).containsExactly(0, 0);
  }
}
