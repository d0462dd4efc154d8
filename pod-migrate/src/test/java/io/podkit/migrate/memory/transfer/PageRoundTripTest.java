package io.podkit.migrate.memory.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import io.podkit.migrate.memory.transfer.PageExchange.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the store has at the end is what each page was when it was sent last. */
class PageRoundTripTest {
  private static final long TASK = new MemoryImage(MemoryImage.Kind.TASK, 7).encoded();
  private static final long OTHER = new MemoryImage(MemoryImage.Kind.TASK, 9).encoded();
  private static final long SHARED = new MemoryImage(MemoryImage.Kind.SHARED, 7).encoded();

  /** Around the end of a block, in the middle of nowhere, and at the top of user space. */
  private static final long[] PLACES = {0x1ff000, 0x7f00_0000_0000L, (1L << 47) - (64 << 12)};

  private static final int PAGES_A_PLACE = 40;
  private static final int ROUNDS = 60;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void randomPages_arriveAsTheyWereLast(Codec codec) throws Exception {
    for (long seed = 0; seed < 5; seed++) {
      Path here = directory.resolve(Long.toString(seed));
      here.toFile().mkdir();
      try (PageExchange exchange = new PageExchange(here, 1 << 20)) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
          sendSome(exchange, random, codec);
        }
        assertArrived(exchange, "seed " + seed);
        assertThat(exchange.counts().zero()).isPositive();
        assertThat(exchange.counts().referenced()).isPositive();
        assertThat(exchange.counts().unchanged()).isPositive();
      }
    }
  }

  private static void sendSome(PageExchange exchange, Random random, Codec codec) throws Exception {
    long memory = new long[] {TASK, OTHER, SHARED}[random.nextInt(3)];
    List<Long> addresses = new ArrayList<>(addresses(random));
    List<byte[]> contents = new ArrayList<>();
    for (long address : addresses) {
      contents.add(content(exchange, random, new Page(memory, address)));
    }
    exchange.send(memory, addresses, contents, codec);
  }

  private static NavigableSet<Long> addresses(Random random) {
    TreeSet<Long> addresses = new TreeSet<>();
    int runs = 1 + random.nextInt(12);
    for (int run = 0; run < runs; run++) {
      long place = PLACES[random.nextInt(PLACES.length)];
      long first = random.nextInt(PAGES_A_PLACE);
      for (long page = first; page < PAGES_A_PLACE && random.nextInt(8) > 0; page++) {
        addresses.add(place + page * PageRun.PAGE_SIZE);
      }
    }
    return addresses;
  }

  /** What it was, what another page is, or something new. */
  private static byte[] content(PageExchange exchange, Random random, Page page) {
    List<byte[]> known = new ArrayList<>(exchange.sent().values());
    byte[] before = exchange.sent().get(page);
    int choice = random.nextInt(4);
    if (choice == 0 && before != null) {
      return before;
    }
    if (choice == 1 && !known.isEmpty()) {
      return known.get(random.nextInt(known.size()));
    }
    return SamplePages.any(random);
  }

  private static void assertArrived(PageExchange exchange, String which) throws Exception {
    assertThat(exchange.sent()).isNotEmpty();
    for (Map.Entry<Page, byte[]> page : exchange.sent().entrySet()) {
      assertThat(exchange.stored(page.getKey()))
          .as("%s, %s", which, page.getKey())
          .isEqualTo(page.getValue());
    }
  }

  @ParameterizedTest
  @EnumSource
  void fullBatch_ofPagesThatCannotBePacked(Codec codec) throws Exception {
    Random random = new Random(1);
    try (PageExchange exchange = new PageExchange(directory, 1 << 20)) {
      List<Long> addresses = scattered(PageWork.MAX_PAGES);
      List<byte[]> contents = addresses.stream().map(any -> SamplePages.noise(random)).toList();
      exchange.send(TASK, addresses, contents, codec);
      assertArrived(exchange, "noise");
      assertThat(exchange.counts().content()).isEqualTo(PageWork.MAX_PAGES);
    }
  }

  /** No two are neighbours, so that each needs an entry of its own in the table. */
  private static List<Long> scattered(int pages) {
    return LongStream.range(0, pages).mapToObj(page -> 0x10000 + page * 0x2000).toList();
  }

  @Test
  void fullBatch_ofReferencesThatFollowNoOrder_fitsTheTable() throws Exception {
    Random random = new Random(2);
    try (PageExchange exchange = new PageExchange(directory, 1 << 20)) {
      List<Long> addresses = scattered(PageWork.MAX_PAGES);
      List<byte[]> contents =
          new ArrayList<>(addresses.stream().map(any -> SamplePages.noise(random)).toList());
      exchange.send(TASK, addresses, contents, Codec.NONE);
      Collections.shuffle(contents, random);
      exchange.send(OTHER, addresses, contents, Codec.NONE);
      assertArrived(exchange, "references");
      assertThat(exchange.counts().referenced()).isEqualTo(PageWork.MAX_PAGES);
    }
  }

  @Test
  void runOfZeros_isOneEntry_andNeedsNoRoom() throws Exception {
    try (PageExchange exchange = new PageExchange(directory, 1 << 20)) {
      List<Long> addresses = LongStream.range(1, 200).mapToObj(page -> page << 12).toList();
      exchange.send(
          TASK, addresses, addresses.stream().map(any -> SamplePages.zeros()).toList(), Codec.LZ4);
      assertArrived(exchange, "zeros");
      assertThat(exchange.store().bytes()).isZero();
      assertThat(exchange.counts().zero()).isEqualTo(addresses.size());
    }
  }

  @Test
  void pageThatIsReferredTo_mayChange_andTheOtherDoesNot() throws Exception {
    Random random = new Random(3);
    byte[] content = SamplePages.noise(random);
    try (PageExchange exchange = new PageExchange(directory, 1 << 20)) {
      exchange.send(TASK, List.of(0x1000L, 0x3000L), List.of(content, content), Codec.NONE);
      assertThat(exchange.counts().referenced()).isOne();
      exchange.send(TASK, List.of(0x1000L), List.of(SamplePages.noise(random)), Codec.NONE);
      assertArrived(exchange, "the first has changed");

      // The page that was offered is another one now: nobody may refer to what it was.
      exchange.send(TASK, List.of(0x5000L), List.of(content), Codec.NONE);
      assertThat(exchange.counts().referenced()).isOne();
      assertArrived(exchange, "the same again");
    }
  }

  @Test
  void pageThatComesBackToWhatItWas_isSentAgain() throws Exception {
    byte[] first = SamplePages.filled(1);
    try (PageExchange exchange = new PageExchange(directory, 1 << 20)) {
      for (byte[] content : List.of(first, SamplePages.zeros(), first, first)) {
        exchange.send(TASK, List.of(0x1000L), List.of(content), Codec.NONE);
        assertArrived(exchange, "one page");
      }
      assertThat(exchange.counts().content()).isEqualTo(2);
      assertThat(exchange.counts().unchanged()).isOne();
    }
  }
}
