package io.podkit.migrate.memory.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.migrate.api.Compression;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecChoiceTest {
  private static final int SIZE = 1 << 20;

  /** More than any codec needs for a byte, so that only what goes over the link counts. */
  private static final long SLOW_LINK = 100_000L * SIZE;

  private static final long FAST_LINK = 1;
  private static final double IDLE = 1;
  private static final double BUSY = 0;

  private static ByteBuffer text() {
    ByteBuffer content = ByteBuffer.allocateDirect(SIZE);
    for (int i = 0; i < SIZE; i++) {
      content.put((byte) (i % 61));
    }
    return content.flip();
  }

  private static ByteBuffer noise() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    return ByteBuffer.allocateDirect(SIZE).put(bytes).flip();
  }

  /** What it takes after many batches of that content over that link. */
  private static Set<Codec> settled(CodecChoice choice, ByteBuffer content, long sendNanos) {
    EnumSet<Codec> taken = EnumSet.noneOf(Codec.class);
    for (int batch = 0; batch < 400; batch++) {
      Codec codec = choice.next(content);
      choice.sent(Codec.NONE, SIZE, SIZE, 0, sendNanos);
      if (batch >= 200) {
        taken.add(codec);
      }
    }
    return taken;
  }

  @ParameterizedTest
  @CsvSource({"NONE", "LZ4", "ZSTD"})
  void whatWasAskedFor_isTaken(Compression wanted) {
    CodecChoice choice = new CodecChoice(wanted, () -> IDLE);
    assertThat(settled(choice, noise(), FAST_LINK)).containsExactly(Codec.valueOf(wanted.name()));
    assertThat(choice.next(ByteBuffer.allocateDirect(0))).isEqualTo(Codec.valueOf(wanted.name()));
  }

  @Test
  void fastLink_isNotWorthPacking() {
    assertThat(settled(new CodecChoice(Compression.AUTO, () -> IDLE), text(), FAST_LINK))
        .containsExactly(Codec.NONE);
  }

  @Test
  void slowLink_isWorthPacking() {
    assertThat(settled(new CodecChoice(Compression.AUTO, () -> IDLE), text(), SLOW_LINK))
        .doesNotContain(Codec.NONE);
  }

  @Test
  void noise_isSentAsItIs() {
    assertThat(settled(new CodecChoice(Compression.AUTO, () -> IDLE), noise(), SLOW_LINK))
        .containsExactly(Codec.NONE);
  }

  @Test
  void busyHost_packsOnlyWhereItPaysManyTimes() {
    CodecChoice choice = new CodecChoice(Compression.AUTO, () -> BUSY);
    assertThat(settled(choice, text(), SLOW_LINK)).doesNotContain(Codec.NONE);
    assertThat(settled(choice, text(), FAST_LINK)).containsExactly(Codec.NONE);
  }

  @Test
  void changedLink_changesTheChoice() {
    CodecChoice choice = new CodecChoice(Compression.AUTO, () -> IDLE);
    assertThat(settled(choice, text(), FAST_LINK)).containsExactly(Codec.NONE);
    assertThat(settled(choice, text(), SLOW_LINK)).doesNotContain(Codec.NONE);
    assertThat(settled(choice, text(), FAST_LINK)).containsExactly(Codec.NONE);
  }

  @Test
  void smallBatches_areNotJudgedBy() {
    CodecChoice choice = new CodecChoice(Compression.AUTO, () -> IDLE);
    ByteBuffer small = text().limit(4096);
    for (int batch = 0; batch < 200; batch++) {
      assertThat(choice.next(small)).isEqualTo(Codec.NONE);
      choice.sent(Codec.NONE, 4096, 4096, 0, SLOW_LINK);
    }
  }
}
