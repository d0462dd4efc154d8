package io.podkit.core.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlanTest {
  @Test
  void bytes_areOneRecordALine() {
    byte[] plan = new Plan().add("name", "web").add("tty", 24, 80).add("no-new-privs").bytes();
    assertThat(new String(plan, StandardCharsets.UTF_8))
        .isEqualTo("name web\ntty 24 80\nno-new-privs\nend\n");
  }

  @Test
  void encode_keepsWhatWouldEndAnArgumentOrALineInsideIt() {
    assertThat(Plan.encode("a b\nc%\u007f")).isEqualTo("a%20b%0Ac%25%7F");
  }

  @Test
  void encode_writesNothingAsALonePercent() {
    assertThat(Plan.encode("")).isEqualTo("%");
  }

  @Test
  void encode_leavesOtherScriptsAlone() {
    assertThat(Plan.encode("grün")).isEqualTo("grün");
  }
}
