package io.podkit.migrate.memory.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.fill.Filler;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of the index, and what the filler itself says to them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FillIndexTest {
  private static final Path POD_INIT = Path.of("../native/target/pod-init").toAbsolutePath();
  private static final int SHARED = 1 << 31;
  private static final int ZERO = -1;

  private final Path directory;
  private final PageStore store;

  FillIndexTest(@TempDir Path directory) throws PodkitException {
    this.directory = directory;
    this.store = PageStore.create(directory, 1 << 16);
  }

  private static long memory(long pid) {
    return new MemoryImage(MemoryImage.Kind.TASK, pid).encoded();
  }

  private static PageRun run(long address, long pages) {
    return new PageRun(address, pages);
  }

  private static MemoryInventory.OfProcess process(long pid, PageRun... runs) {
    return new MemoryInventory.OfProcess(pid, List.of(runs));
  }

  private static MemoryInventory.Hot hot(long pid, long address, long pages) {
    return new MemoryInventory.Hot(memory(pid), run(address, pages));
  }

  private void stored(long pid, long address, long pages) throws PodkitException {
    for (long i = 0; i < pages; i++) {
      byte[] page = HandmadeDump.page(address + i);
      store.lane(0).content(memory(pid), run(address + (i << 12), 1), ByteBuffer.wrap(page));
    }
  }

  private long write(List<MemoryInventory.OfProcess> tasks, List<MemoryInventory.Hot> hot)
      throws IOException {
    return FillIndex.write(directory, tasks, hot, store.pages(), false).pages();
  }

  private ByteBuffer index() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(directory.resolve("index")))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The filler checks all of it before it says so. */
  private void assertTheFillerLoadsIt() throws PodkitException {
    try (Filler filler = Filler.start(POD_INIT, directory, directory)) {
      try {
        filler.load();
      } finally {
        filler.abandon();
        // It is at work in the directory until then.
        assertThatThrownBy(() -> filler.awaitDone(Duration.ofSeconds(20)))
            .hasMessageContaining("has ended");
      }
    }
  }

  @Test
  void index_isLaidOutAsTheFillerReadsIt() throws Exception {
    stored(7, 0x10000, 3);
    store.lane(0).zeros(memory(7), run(0x20000, 2));
    store.lane(0).same(memory(9), run(0x10000, 1), memory(7), 0x11000);
    stored(9, 0x11000, 1);

    long pages =
        write(
            List.of(process(7, run(0x10000, 3), run(0x20000, 2)), process(9, run(0x10000, 2))),
            List.of(hot(9, 0x11000, 4), hot(7, 0x12000, 0x20), hot(8, 0x10000, 1)));

    assertThat(pages).isEqualTo(7);
    ByteBuffer expected = ByteBuffer.allocate(280).order(ByteOrder.LITTLE_ENDIAN);
    expected.put("PODFILL1".getBytes(StandardCharsets.US_ASCII));
    expected.putInt(1).putInt(2).putLong(280).putLong(208).putLong(3);
    expected.putInt(7).putInt(2).putLong(104).putLong(5).putLong(176);
    expected.putInt(9).putInt(1).putLong(152).putLong(2).putLong(200);
    expected.putLong(0x10000).putLong(3).putLong(0);
    expected.putLong(0x20000).putLong(2).putLong(3);
    expected.putLong(0x10000).putLong(2).putLong(0);
    expected.putInt(0).putInt(1 | SHARED).putInt(2).putInt(ZERO).putInt(ZERO).putInt(0);
    expected.putInt(1 | SHARED).putInt(3);
    expected.putInt(9).putInt(0).putLong(1).putLong(1);
    expected.putInt(7).putInt(0).putLong(2).putLong(1);
    expected.putInt(7).putInt(0).putLong(3).putLong(2);
    assertThat(index().array()).containsExactly(expected.array());
    assertTheFillerLoadsIt();
  }

  @Test
  void nothingToFill_isAnIndexToo() throws Exception {
    assertThat(write(List.of(process(7)), List.of())).isZero();
    assertTheFillerLoadsIt();
  }

  @Test
  void pageThatNeverCame_isAnError() throws Exception {
    stored(7, 0x10000, 1);
    assertThatThrownBy(() -> write(List.of(process(7, run(0x10000, 2))), List.of()))
        .isInstanceOf(ImageFormatException.class);
  }

  @Test
  void pagesThatFollow_areKnownToTheFillerAsSuch() throws Exception {
    stored(7, 0x10000, 1);
    store.lane(1).zeros(memory(7), run(0x400000, 1));
    List<MemoryInventory.OfProcess> tasks =
        List.of(process(7, run(0x10000, 3), run(0x400000, 2)), process(9, run(0x10000, 1)));
    assertThat(FillIndex.write(directory, tasks, List.of(), store.pages(), true))
        .isEqualTo(new FillIndex.Written(6, 4));
    ByteBuffer index = index();
    index.position((int) index.getLong(40 + 24));
    int[] slots = new int[5];
    index.asIntBuffer().get(slots);
    // FILL_REMOTE of fill_index.h
    assertThat(slots).containsExactly(0, 0xfffffffe, 0xfffffffe, ZERO, 0xfffffffe);
    store.reserve(6);
    assertTheFillerLoadsIt();
  }

  @Test
  void manyTasksOfManyPages() throws Exception {
    Random random = new Random(1);
    List<MemoryInventory.OfProcess> tasks = new ArrayList<>();
    List<MemoryInventory.Hot> hot = new ArrayList<>();
    long total = 0;
    for (int pid = 1; pid <= 30; pid++) {
      List<PageRun> runs = new ArrayList<>();
      long address = 0x1000;
      for (int i = random.nextInt(6); i > 0; i--) {
        address += (long) random.nextInt(3000) << 12;
        PageRun run = run(address, 1 + random.nextInt(200));
        stored(pid, run.address(), run.pages());
        hot.add(hot(pid, run.address(), run.pages() + 7));
        runs.add(run);
        address = run.end();
        total += run.pages();
      }
      tasks.add(new MemoryInventory.OfProcess(pid, runs));
    }
    // More than are written at once.
    stored(31, 0x100000, 17_001);
    tasks.add(process(31, run(0x100000, 17_001)));

    assertThat(write(tasks, hot)).isEqualTo(total + 17_001);
    ByteBuffer index = index();
    int last = 40 + 32 * 30;
    long slots = index.getLong(last + 24);
    for (int i = 0; i < 17_001; i++) {
      assertThat(index.getInt((int) slots + Integer.BYTES * i)).isEqualTo((int) total + i);
    }
    assertTheFillerLoadsIt();
  }
}
