package io.podkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalNameTest {

  @ParameterizedTest
  @CsvSource({
    "TERM, 15",
    "sigterm, 15",
    "SIGKILL, 9",
    "9, 9",
    "WINCH, 28",
    "SYS, 31",
    "RTMIN, 34",
    "SIGRTMIN+3, 37",
    "RTMAX, 64",
    "SIGRTMAX-30, 34",
    "64, 64"
  })
  void parses(String text, int number) {
    assertThat(SignalName.parse(text)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SIG",
        "0",
        "65",
        "-9",
        "NOPE",
        "RTMIN+31",
        "RTMIN-1",
        "RTMAX-31",
        "RTMAX+1",
        "15x"
      })
  void refuses(String text) {
    assertThatThrownBy(() -> SignalName.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesAreReadAgain() {
    for (int number = 1; number <= 64; number++) {
      assertThat(SignalName.parse(SignalName.of(number))).isEqualTo(number);
    }
    assertThat(SignalName.of(3)).isEqualTo("SIGQUIT");
    assertThat(SignalName.of(34)).isEqualTo("SIGRTMIN");
    assertThat(SignalName.of(37)).isEqualTo("SIGRTMIN+3");
    assertThat(SignalName.of(32)).isEqualTo("32");
  }
}
