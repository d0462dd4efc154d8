package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.linux.Pid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan's bytes, as native/src/main/c/criu-preload/plan.h has them. */
class PageFilterTest {
  @TempDir Path directory;

  private byte[] written(List<PageFilter.Range> ranges, List<PageFilter.SharedObject> objects)
      throws Exception {
    Path plan = directory.resolve("plan");
    PageFilter.write(plan, ranges, objects);
    assertThat(directory).isDirectoryContaining(file -> file.equals(plan));
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(plan);
    }
    return Files.readAllBytes(plan);
  }

  private static byte[] expected(long... words) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("PODFILT1".getBytes(StandardCharsets.US_ASCII));
    for (long word : words) {
      bytes.putLong(word);
    }
    return bytes.array();
  }

  @Test
  void plan_isSortedByProcessAndAddress() throws Exception {
    assertThat(
            written(
                List.of(
                    new PageFilter.Range(new Pid(20), 0x5000, 0x6000),
                    new PageFilter.Range(new Pid(7), 0x9000, 0xa000),
                    new PageFilter.Range(new Pid(20), 0x1000, 0x3000),
                    new PageFilter.Range(new Pid(100), 0x7ffffffff000L, 0x800000000000L)),
                List.of(
                    new PageFilter.SharedObject(0, 1, 1L << 40),
                    new PageFilter.SharedObject(254, 1 << 20, 3))))
        .containsExactly(
            expected(
                4,
                2, //
                7,
                0x9000,
                0xa000, //
                20,
                0x1000,
                0x3000, //
                20,
                0x5000,
                0x6000, //
                100,
                0x7ffffffff000L,
                0x800000000000L, //
                0,
                1,
                1L << 40, //
                254,
                1 << 20,
                3));
  }

  @Test
  void emptyPlan_isAHead() throws Exception {
    assertThat(written(List.of(), List.of())).containsExactly(expected(0, 0));
  }

  @Test
  void newPlan_replacesTheOldOne() throws Exception {
    written(List.of(new PageFilter.Range(new Pid(7), 0, 4096)), List.of());
    assertThat(written(List.of(), List.of())).hasSize(24);
  }
}
