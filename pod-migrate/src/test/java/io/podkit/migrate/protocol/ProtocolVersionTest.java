package io.podkit.migrate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.migrate.protocol.ProtocolException.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProtocolVersionTest {

  @Test
  void preamble_comesBack() throws Exception {
    ProtocolVersion version = new ProtocolVersion(65535, 7);

    assertThat(ProtocolVersion.parsePreamble(version.preamble())).isEqualTo(version);
  }

  @Test
  void preamble_ofSomethingElse() {
    ByteBuffer http = ByteBuffer.wrap("GET / HTTP".getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> ProtocolVersion.parsePreamble(http))
        .isInstanceOfSatisfying(
            ProtocolException.class, e -> assertThat(e.violation()).isEqualTo(Violation.MAGIC));
  }

  @Test
  void otherMinor_isCompatible() throws Exception {
    new ProtocolVersion(1, 0).requireCompatible(new ProtocolVersion(1, 9));
  }

  @Test
  void otherMajor_namesBothVersionsAndWhoIsOlder() {
    assertThatThrownBy(() -> new ProtocolVersion(2, 0).requireCompatible(new ProtocolVersion(1, 5)))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> {
              assertThat(e.violation()).isEqualTo(Violation.VERSION);
              assertThat(e.what()).contains("2.0").contains("1.5");
              assertThat(String.valueOf(e.hint())).contains("the peer is older");
            });
  }
}
