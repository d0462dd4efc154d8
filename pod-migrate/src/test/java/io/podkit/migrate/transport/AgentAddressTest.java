package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentAddressTest {

  @ParameterizedTest
  @CsvSource({
    "hostb, hostb, 7617, hostb:7617",
    "hostb:80, hostb, 80, hostb:80",
    "192.0.2.1:80, 192.0.2.1, 80, 192.0.2.1:80",
    "2001:db8::1, 2001:db8::1, 7617, [2001:db8::1]:7617",
    "[2001:db8::1], 2001:db8::1, 7617, [2001:db8::1]:7617",
    "[2001:db8::1]:80, 2001:db8::1, 80, [2001:db8::1]:80",
  })
  void parse_readsWhatPeopleWrite(String text, String host, int port, String shown)
      throws Exception {
    AgentAddress address = AgentAddress.parse(text);

    assertThat(address).isEqualTo(new AgentAddress(host, port, null));
    assertThat(address).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "host:",
        "host:0",
        "host:65536",
        "host:-1",
        "host:x",
        "[::1",
        "[::1]80"
      })
  void parse_refusesTheRest(String text) {
    assertThatThrownBy(() -> AgentAddress.parse(text))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USAGE));
  }

  @Test
  void name_isTheHostUnlessAnotherIsExpected() {
    assertThat(new AgentAddress("192.0.2.1", 1, null).name()).isEqualTo("192.0.2.1");
    assertThat(new AgentAddress("192.0.2.1", 1, "hostb").name()).isEqualTo("hostb");
  }
}
