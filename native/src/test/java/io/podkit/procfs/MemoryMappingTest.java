package io.podkit.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parser on the mappings of a real program; src/test/resources/proc/README.md says which. */
class MemoryMappingTest {
  private static final Path HYBRID = Path.of("src/test/resources/proc/hybrid");
  private static final String LINE =
      "7fc620a6e000-7fc620a6f000 rw-p 00001000 fe:00 2180907                    /a b";

  private static MemoryMapping named(List<MemoryMapping> mappings, String start) {
    return mappings.stream()
        .filter(mapping -> mapping.name().startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void parse_readsEachLine() throws IOException {
    List<MemoryMapping> mappings = MemoryMapping.of(HYBRID, new Pid(77)).orElseThrow();

    assertThat(mappings)
        .hasSize(Files.readAllLines(HYBRID.resolve("77/maps")).size())
        .allMatch(mapping -> mapping.length() > 0);
    assertThat(mappings.get(5))
        .isEqualTo(new MemoryMapping(0x4aa000, 0x4af000, "rw-p", 0, 0, 0, 0, ""));
    MemoryMapping file = named(mappings, "/tmp/m/");
    assertThat(file)
        .isEqualTo(
            new MemoryMapping(
                0x7fc620a6e000L,
                0x7fc620a6f000L,
                "rw-p",
                0x1000,
                0xfe,
                0,
                2180907,
                "/tmp/m/two  words\\012and a line (deleted)"));
    assertThat(file.hasFile()).isTrue();
    assertThat(file.isShared()).isFalse();
    assertThat(file.isWritable()).isTrue();
  }

  @Test
  void parse_tellsObjectsAndWhatTheKernelMakes() throws IOException {
    List<MemoryMapping> mappings = MemoryMapping.of(HYBRID, new Pid(77)).orElseThrow();
    for (String object : List.of("/SYSV00000000 (deleted)", "/memfd:a b (deleted)", "/dev/zero")) {
      MemoryMapping mapping = named(mappings, object);
      assertThat(mapping.isShared()).isTrue();
      assertThat(mapping.hasFile()).isTrue();
      assertThat(mapping.major()).isZero();
      assertThat(mapping.minor()).isEqualTo(1);
    }
    assertThat(named(mappings, "[heap]").hasFile()).isFalse();
    MemoryMapping highest = named(mappings, "[vsyscall]");
    assertThat(highest.length()).isEqualTo(0x1000);
    assertThat(highest.isWritable()).isFalse();
  }

  @Test
  void parse_ofALineWithoutItsEnd() throws IOException {
    assertThat(MemoryMapping.parse(LINE)).isEqualTo(MemoryMapping.parse(LINE + "\n")).hasSize(1);
    assertThat(MemoryMapping.parse("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "x",
        "7fc620a6e000 rw-p 00001000 fe:00 2180907 /a",
        "7fc620a6e000-7fc620a6f000",
        "7fc620a6e000-7fc620a6f000 rw-p 00001000 fe:00",
        "7fc620a6e000-7fc620a6f000 rw- 00001000 fe:00 2180907",
        "7fc620a6e000-7fc620a6f000 rw-p 00001000 fe00 2180907",
        "7fc620a6e000-7fc620a6f000 rw-p zz fe:00 2180907",
        "7fc620a6e000-17fc620a6f0000000 rw-p 0 fe:00 2180907",
        "7fc620a6e000-7fc620a6f000 rw-p 0 fe:00 -1"
      })
  void parse_rejectsWhatItCannotRead(String line) {
    assertThatThrownBy(() -> MemoryMapping.parse(line + "\n"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("unexpected content of maps");
  }

  @Test
  void noProcess_noMappings() throws IOException {
    assertThat(MemoryMapping.of(HYBRID, new Pid(78))).isEqualTo(Optional.empty());
  }

  @Test
  void ownMappings_areAscending() throws IOException {
    List<MemoryMapping> mappings = MemoryMapping.of(Path.of("/proc"), Pid.self()).orElseThrow();
    for (int i = 1; i < mappings.size(); i++) {
      assertThat(Long.compareUnsigned(mappings.get(i).start(), mappings.get(i - 1).end()))
          .isNotNegative();
    }
  }
}
