package io.podkit.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.core.api.NetworkAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralsTest {
  private static final String MAC = "0e:50:0a:4d:01:05";

  private static boolean proper(String ipv4, int prefix4, String ipv6, int prefix6, String mac) {
    return AddressLiterals.areProper(new NetworkAddress(ipv4, prefix4, ipv6, prefix6, mac));
  }

  @Test
  void whatPodsHave_isProper() {
    assertThat(proper("10.77.1.5", 16, "fd77:0:0:0:0:0:a4d:105", 64, MAC)).isTrue();
    assertThat(proper("255.255.255.255", 32, "::", 128, "0E:50:0A:4D:01:05")).isTrue();
    assertThat(proper("0.0.0.1", 1, "", 0, MAC)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "$(cmd)",
        "`cmd`",
        "10.0.0.1\n",
        "10.0.0.1\nlink del eth0",
        "10.0.0.1 dev lo",
        "1.2.3",
        "1.2.3.4.",
        "256.1.1.1",
        "01.2.3.4",
        "a.b.c.d",
        "localhost",
        "-6",
        "",
        "fd00::1"
      })
  void aStrangeIpv4_isNone(String hostile) {
    assertThat(proper(hostile, 16, "fd00::2", 64, MAC)).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "$(cmd)",
        "`cmd`",
        "fd00::2\n",
        "fd00::2\nlink del eth0",
        "fd00::2%eth0",
        "fd00::2/64",
        "fd00",
        ":",
        ":::",
        "1::2::3",
        "fd00::2 ",
        "10.0.0.1",
        "::ffff:10.0.0.1",
        "fd00::12345"
      })
  void aStrangeIpv6_isNone(String hostile) {
    assertThat(proper("10.0.0.1", 16, hostile, 64, MAC)).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "$(cmd)",
        "`cmd`",
        "0e:50:0a:4d:01:05\n",
        "0e:50:0a:4d:01:05 netns 1",
        "0e:50:0a:4d:01",
        "0e-50-0a-4d-01-05",
        "0e:50:0a:4d:01:05:06",
        "$(reboot):50:0a:4d:01:05",
        ""
      })
  void aStrangeMac_isNone(String hostile) {
    assertThat(proper("10.0.0.1", 16, "fd00::2", 64, hostile)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0,64", "33,64", "-1,64", "16,0", "16,129", "16,-1"})
  void aStrangePrefix_isNone(int prefix4, int prefix6) {
    assertThat(proper("10.0.0.1", prefix4, "fd00::2", prefix6, MAC)).isFalse();
  }

  @Test
  void aPrefixOfNoAddress_isNone() {
    assertThat(proper("10.0.0.1", 16, "", 64, MAC)).isFalse();
  }
}
