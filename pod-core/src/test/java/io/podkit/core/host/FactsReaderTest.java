package io.podkit.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactsReaderTest {
  private static final List<String> MEMINFO =
      List.of(
          "MemTotal:       24690168 kB",
          "MemFree:        15323392 kB",
          "MemAvailable:   23017484 kB",
          "HugePages_Total:       0");

  @Test
  void memory_isInBytes() {
    assertThat(FactsReader.memory("MemTotal:", MEMINFO)).isEqualTo(24690168L * 1024);
    assertThat(FactsReader.memory("MemAvailable:", MEMINFO)).isEqualTo(23017484L * 1024);
    assertThat(FactsReader.memory("SwapTotal:", MEMINFO)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0.52 0.58 0.59 1/467 12345, 0.52",
    "11 9.5 8, 11",
    "nonsense, 0",
    "'', 0",
    "-1 2 3, 0"
  })
  void load_isTheAverageOverAMinute(String loadavg, double expected) {
    assertThat(FactsReader.load(loadavg)).isEqualTo(expected);
  }

  @Test
  void cpuFlags_areThoseThatEveryProcessorHas() {
    assertThat(
            FactsReader.cpuFlags(List.of("flags\t\t: fpu sse avx", "model : x", "flags : fpu avx")))
        .containsExactlyInAnyOrder("fpu", "avx");
  }
}
