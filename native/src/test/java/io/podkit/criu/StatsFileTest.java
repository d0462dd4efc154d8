package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StatsFileTest {
  /** A stats-dump of CRIU 4.2.1. */
  private static final byte[] STATS =
      HexFormat.of()
          .parseHex(
              "4059105506330957250000000a2308f81710e7a80418f81720f1142896023000388e024000480050055805600068007000");

  @Test
  void parse_readsWhatCriuCounted() throws IOException {
    DumpResult.Counts counts = StatsFile.parse(STATS);

    assertThat(counts.frozen()).isEqualTo(Duration.ofNanos(70759_000));
    assertThat(counts.pagesScanned()).isEqualTo(278);
    assertThat(counts.pagesWritten()).isEqualTo(270);
  }

  @Test
  void parse_rejectsOtherFiles() {
    assertThatThrownBy(() -> StatsFile.parse(new byte[40])).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> StatsFile.parse(Arrays.copyOf(STATS, STATS.length - 1)))
        .isInstanceOf(IOException.class);
  }
}
