package io.podkit.migrate.memory.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.podkit.criu.image.PageRun;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.transfer.PageExchange.Page;
import io.podkit.migrate.protocol.Bulk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of a batch, broken once: the source is to blame, and what came before stays. */
class HostileBatchTest {
  private static final long TASK = 0x701;
  private static final long LIMIT = 2048;
  private static final byte[] KEPT = SamplePages.filled(42);
  private static final int NO_PAGES = 0;

  private final PageExchange exchange;

  HostileBatchTest(@TempDir Path directory) throws PodkitException {
    exchange = new PageExchange(directory, LIMIT);
    exchange.send(TASK, List.of(0x1000L, 0x2000L), List.of(KEPT, SamplePages.zeros()), Codec.NONE);
  }

  @AfterEach
  void close() throws PodkitException {
    exchange.close();
  }

  private static ByteBuffer table(Object... fields) {
    ByteBuffer table = ByteBuffer.allocate(Bulk.PageBatch.MAX_TABLE_BYTES);
    for (Object field : fields) {
      if (field instanceof Long number) {
        table.putLong(number);
      } else if (field instanceof Integer number) {
        table.putInt(number);
      }
    }
    return table.flip();
  }

  /** As the frames of a connection have it. */
  private static ByteBuffer received(byte[] content) {
    return ByteBuffer.allocateDirect(content.length).put(content).flip();
  }

  private static ByteBuffer pages(int count) {
    return ByteBuffer.allocate(count * PageRun.PAGE_SIZE);
  }

  private static Bulk.PageBatch batch(ByteBuffer table, int pages) {
    return new Bulk.PageBatch(TASK, 0, pages * PageRun.PAGE_SIZE, table, pages(pages));
  }

  private void assertRefused(Bulk.PageBatch batch) throws IOException, PodkitException {
    assertThatThrownBy(() -> exchange.take(batch))
        .asInstanceOf(type(PodkitException.class))
        .extracting(PodkitException::kind)
        .isEqualTo(ErrorKind.PEER);
    assertUnharmed();
  }

  private void assertUnharmed() throws IOException, PodkitException {
    assertThat(exchange.stored(new Page(TASK, 0x1000))).isEqualTo(KEPT);
    assertThat(exchange.stored(new Page(TASK, 0x2000))).isEqualTo(SamplePages.zeros());
  }

  @Test
  void tableThatIsCutOff() throws Exception {
    ByteBuffer whole = table(0x9000L, 1, PageTable.SAME, TASK, 0x1000L);
    for (int length = 1; length < whole.limit(); length++) {
      assertRefused(batch(whole.duplicate().limit(length), NO_PAGES));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, -1, Integer.MAX_VALUE})
  void unknownKind(int kind) throws Exception {
    assertRefused(batch(table(0x9000L, 1, kind), NO_PAGES));
  }

  @ParameterizedTest
  @CsvSource({
    "0x9001, 1", // not aligned
    "-4096, 1",
    "0x9000, 0",
    "0x9000, -1",
    "0x100000000000000, 1", // beyond user space
    "0xfffffffffff000, 2",
    "0x7ffffffffffff000, 2147483647"
  })
  void pagesThatNoProcessHas(String address, int pages) throws Exception {
    for (int kind = PageTable.CONTENT; kind <= PageTable.ABSENT; kind++) {
      assertRefused(batch(table(Long.decode(address), pages, kind, TASK, 0x1000L), 1));
    }
  }

  @Test
  void contentThatIsMissing() throws Exception {
    assertRefused(batch(table(0x9000L, 2, PageTable.CONTENT), 1));
    assertRefused(batch(table(0x9000L, Integer.MAX_VALUE, PageTable.CONTENT), 1));
    assertRefused(batch(table(0x9000L, 1, PageTable.CONTENT), NO_PAGES));
  }

  @Test
  void contentThatBelongsToNoPage() throws Exception {
    assertRefused(batch(table(0x9000L, 1, PageTable.CONTENT), 2));
    assertRefused(batch(table(0x9000L, 1, PageTable.ZEROS), 1));
    assertRefused(batch(table(0x9000L, 1, PageTable.ABSENT), 1));
  }

  @Test
  void contentOfAnotherLength() throws Exception {
    ByteBuffer table = table(0x9000L, 1, PageTable.CONTENT);
    assertRefused(new Bulk.PageBatch(TASK, 0, 2 * PageRun.PAGE_SIZE, table, pages(1)));
    assertRefused(new Bulk.PageBatch(TASK, 0, 0, table, pages(1)));
  }

  @ParameterizedTest
  @EnumSource
  void runLongerThanABatch(Kind kind) throws Exception {
    int pages = PageWork.MAX_PAGES + 1;
    assertRefused(batch(table(0x10000L, pages, kind.number, TASK, 0x1000L), NO_PAGES));
  }

  /** As the table has them. */
  enum Kind {
    ZEROS(PageTable.ZEROS),
    SAME(PageTable.SAME);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0x3000, // in a block of which pages came
        0x2000, // zeros, which need no reference
        0x40000000, // nothing around it came
        0x1001,
        -0x1000,
        -0x1ff000,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        1L << 56
      })
  void referenceToWhatNeverCame(long address) throws Exception {
    assertRefused(batch(table(0x9000L, 1, PageTable.SAME, TASK, address), NO_PAGES));
  }

  @Test
  void referenceIntoAnotherMemory() throws Exception {
    assertRefused(batch(table(0x9000L, 1, PageTable.SAME, TASK + 1, 0x1000L), NO_PAGES));
    assertRefused(batch(table(0x9000L, 1, PageTable.SAME, 0L, 0x1000L), NO_PAGES));
  }

  @Test
  void referenceThatRunsPastWhatCame() throws Exception {
    assertRefused(batch(table(0x9000L, 2, PageTable.SAME, TASK, 0x1000L), NO_PAGES));
  }

  @Test
  void referenceToThePageItself_isNoHarm() throws Exception {
    exchange.take(batch(table(0x1000L, 1, PageTable.SAME, TASK, 0x1000L), NO_PAGES));
    assertUnharmed();
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void contentThatCannotBeUnpacked(Codec codec) throws Exception {
    Random random = new Random(4);
    ByteBuffer table = table(0x9000L, 1, PageTable.CONTENT);
    for (int length = 0; length < 300; length++) {
      byte[] nonsense = new byte[length];
      random.nextBytes(nonsense);
      for (int raw : new int[] {PageRun.PAGE_SIZE, 1 << 20}) {
        assertRefused(new Bulk.PageBatch(TASK, codec.number(), raw, table, received(nonsense)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4", "ZSTD"})
  void contentThatUnpacksToAnotherLength(Codec codec) throws Exception {
    ByteBuffer page = ByteBuffer.allocateDirect(PageRun.PAGE_SIZE);
    ByteBuffer packed = codec.pack(page, ByteBuffer.allocateDirect(Codec.bound(PageRun.PAGE_SIZE)));
    for (int raw : new int[] {0, 1, PageRun.PAGE_SIZE - 1, PageRun.PAGE_SIZE + 1, 1 << 20}) {
      ByteBuffer table = table(0x9000L, 1, PageTable.CONTENT);
      assertRefused(new Bulk.PageBatch(TASK, codec.number(), raw, table, packed));
    }
    ByteBuffer cut = packed.duplicate().limit(packed.limit() - 1);
    assertRefused(
        new Bulk.PageBatch(
            TASK, codec.number(), PageRun.PAGE_SIZE, table(0x9000L, 1, PageTable.CONTENT), cut));
  }

  @Test
  void moreThanTheTargetHasRoomFor_isRefusedAndBreaksNothing() throws Exception {
    assertThatThrownBy(
            () -> {
              for (long page = 0; page <= LIMIT; page++) {
                exchange.take(batch(table(0x10000 + (page << 12), 1, PageTable.CONTENT), 1));
              }
            })
        .asInstanceOf(type(PodkitException.class))
        .extracting(PodkitException::kind)
        .isEqualTo(ErrorKind.REFUSED);
    assertUnharmed();
  }

  @Test
  void goodBatch_isTakenAfterABadOne() throws Exception {
    assertRefused(batch(table(0x9000L, 1, 77), NO_PAGES));
    exchange.take(batch(table(0x9000L, 1, PageTable.SAME, TASK, 0x1000L), NO_PAGES));
    assertThat(exchange.stored(new Page(TASK, 0x9000))).isEqualTo(KEPT);
  }

  @Test
  void anything_endsInATypedError() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      Bulk.PageBatch batch = nonsense(random);
      try {
        exchange.take(batch);
      } catch (PodkitException e) {
        assertThat(e.kind()).as(e.toString()).isIn(ErrorKind.PEER, ErrorKind.REFUSED);
      }
    }
    assertUnharmed();
  }

  /** Nearly good: small numbers and those at the edges, in memory that {@link #KEPT} is not in. */
  private static Bulk.PageBatch nonsense(Random random) {
    int entries = 1 + random.nextInt(3);
    ByteBuffer table = ByteBuffer.allocate(32 * entries);
    for (int i = 0; i < entries; i++) {
      table.putLong(address(random)).putInt(random.nextInt(4)).putInt(random.nextInt(4));
      if (random.nextBoolean()) {
        table.putLong(TASK + random.nextInt(2)).putLong(address(random));
      }
    }
    table.flip();
    if (random.nextInt(8) == 0) {
      table.limit(1 + random.nextInt(table.limit()));
    }
    int pages = random.nextInt(3);
    return new Bulk.PageBatch(
        TASK + 1, 0, pages * PageRun.PAGE_SIZE, table, HostileBatchTest.pages(pages));
  }

  private static long address(Random random) {
    long page = (long) (random.nextInt(40) - 8) << 12;
    return switch (random.nextInt(12)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextLong() & -4096;
      case 2 -> Long.MIN_VALUE + page;
      case 3 -> (1L << 56) + page;
      default -> page;
    };
  }
}
