package io.podkit.migrate.memory.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InventoryFileTest {
  private static final MemoryInventory SAMPLE =
      new MemoryInventory(
          List.of(
              new MemoryInventory.OfProcess(
                  1, List.of(new PageRun(0x1000, 2), new PageRun(0x3000, 1))),
              new MemoryInventory.OfProcess(7, List.of()),
              new MemoryInventory.OfProcess(
                  9, List.of(new PageRun((1L << 47) - 0x2000, 2), new PageRun(1L << 50, 1)))),
          List.of(
              new MemoryInventory.OfObject(
                  3, 7, 0x7f0000000000L, 0x7f0000004000L, List.of(new PageRun(0, 4)))),
          List.of(
              new MemoryInventory.Hot(0x701, new PageRun(0x3000, 1)),
              new MemoryInventory.Hot(0x302, new PageRun(0, 1))),
          List.of(11L, 12L, 13L, 14L));

  /** Where the counts of the sample lie: processes, runs of the first, objects, hot, digests. */
  private static final int[] COUNTS = {8, 20, 112, 168, 220};

  @TempDir Path images;

  private Path file() {
    return images.resolve(InventoryFile.NAME);
  }

  private byte[] sample() throws IOException {
    InventoryFile.write(images, SAMPLE);
    return Files.readAllBytes(file());
  }

  private void assertDamaged(byte[] bytes) throws IOException {
    Files.write(file(), bytes);
    assertThatThrownBy(() -> InventoryFile.read(images)).isInstanceOf(ImageFormatException.class);
  }

  @Test
  void read_givesWhatWasWritten() throws IOException {
    InventoryFile.write(images, SAMPLE);
    assertThat(InventoryFile.read(images)).isEqualTo(SAMPLE);
    assertThat(SAMPLE.pages()).isEqualTo(10);

    MemoryInventory empty = new MemoryInventory(List.of(), List.of(), List.of(), List.of());
    InventoryFile.write(images, empty);
    assertThat(InventoryFile.read(images)).isEqualTo(empty);
    assertThat(file()).hasSize(24);
  }

  @Test
  void noFile_isToldApart() {
    assertThatThrownBy(() -> InventoryFile.read(images)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void fileThatIsCutOff() throws IOException {
    byte[] whole = sample();
    for (int length = 0; length < whole.length; length++) {
      assertDamaged(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void fileThatGoesOn() throws IOException {
    byte[] whole = sample();
    assertDamaged(Arrays.copyOf(whole, whole.length + 1));
  }

  @Test
  void otherMagic() throws IOException {
    byte[] whole = sample();
    whole[7] = '2';
    assertDamaged(whole);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 1 << 24, -1, Integer.MIN_VALUE})
  void countsThatTheFileDoesNotHave(int count) throws IOException {
    byte[] whole = sample();
    for (int at : COUNTS) {
      byte[] bad = whole.clone();
      assertThat(ByteBuffer.wrap(bad).getInt(at)).isBetween(1, 4);
      ByteBuffer.wrap(bad).putInt(at, count);
      assertDamaged(bad);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x1001, 2",
    "0x1000, 0",
    "0x1000, -1",
    "-0x1000, 1",
    "0x100000000000000, 1",
    "0x1000, 0x7fffffffffffffff",
    "0x3000, 1", // twice the same page
    "0x2000, 2",
    "0x9000, 1" // not in order
  })
  void runsThatCannotBe(String address, String pages) throws IOException {
    byte[] whole = sample();
    ByteBuffer.wrap(whole, 24, 16).putLong(Long.decode(address)).putLong(Long.decode(pages));
    assertDamaged(whole);
  }

  @Test
  void anything_endsInATypedError() throws IOException {
    Random random = new Random(1);
    byte[] whole = sample();
    for (int i = 0; i < 2000; i++) {
      byte[] bad = whole.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bad[8 + random.nextInt(bad.length - 8)] = (byte) random.nextInt();
      }
      Files.write(file(), bad);
      try {
        assertThat(InventoryFile.read(images).pages()).isNotNegative();
      } catch (ImageFormatException e) {
        assertThat(e).hasMessageContaining(" ");
      }
    }
  }
}
