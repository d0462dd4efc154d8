package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.image.PageRun;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.store.HandmadeDump;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.memory.transfer.PageSender;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What travels of a frozen pod whose memory follows it, and what the target is to forget. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PagesLeftBehindTest {
  private static final PageSource TASK = new Noise(0x701, false);
  private static final PageSource SHARED = new Noise(0x4402, true);

  @TempDir Path images;
  private final RecordingSink sink = new RecordingSink();
  private final PageSender sender =
      new PageSender(List.of(sink), Compression.NONE, () -> 1, sent -> {}, () -> {});

  /** Memory with something else in it whenever it is read. */
  private static final class Noise implements PageSource {
    private final long memory;
    private final boolean shared;
    private final Random random = new Random(1);

    Noise(long memory, boolean shared) {
      this.memory = memory;
      this.shared = shared;
    }

    @Override
    public long memory() {
      return memory;
    }

    @Override
    public boolean isShared() {
      return shared;
    }

    @Override
    public long read(MemoryRanges ranges, NativeBuffer into) {
      byte[] noise = new byte[(int) ranges.bytes()];
      random.nextBytes(noise);
      into.bytes().put(noise);
      return noise.length;
    }
  }

  /** Process 7: memory that may come late, with a stack in it; then pages that CRIU wants. */
  @BeforeEach
  void freeze() throws Exception {
    HandmadeDump dump = new HandmadeDump(images);
    dump.areas(
        7,
        HandmadeDump.area(0x10000, 0x20000, HandmadeDump.ANONYMOUS),
        HandmadeDump.area(0x20000, 0x28000, HandmadeDump.LOCKED));
    dump.thread(7, 0x14008);
  }

  @AfterEach
  void close() throws PodkitException {
    sender.close();
  }

  private static PageRun run(long address, long pages) {
    return new PageRun(address, pages);
  }

  private static MemoryInventory inventory(PageRun... runs) {
    return new MemoryInventory(
        List.of(new MemoryInventory.OfProcess(7, List.of(runs))), List.of(), List.of(), List.of());
  }

  private List<String> settle(PagesLeftBehind left) throws PodkitException {
    left.settle(images, inventory(run(0x10000, 24)));
    sender.await();
    return sink.entries;
  }

  @Test
  void nothingSentBefore_onlyWhatCriuWantsTravels() throws Exception {
    PagesLeftBehind left = new PagesLeftBehind(sender, false);
    left.run(TASK, 0x10000, 8);
    left.run(TASK, 0x1f000, 4);
    assertThat(settle(left)).containsExactly("pages 701 14000+1", "pages 701 20000+3");
  }

  @Test
  void sharedMemory_travelsAtOnce() throws Exception {
    PagesLeftBehind left = new PagesLeftBehind(sender, true);
    left.run(SHARED, 0x3000, 2);
    sender.await();
    assertThat(sink.entries).containsExactly("pages 4402 3000+2");
    assertThat(settle(left)).hasSize(1);
  }

  @Test
  void whatWasSentBefore_isForgotten_butForWhatCriuWants() throws Exception {
    sender.run(TASK, 0x10000, 24);
    sender.await();
    sink.entries.clear();
    PagesLeftBehind left = new PagesLeftBehind(sender, true);
    left.run(TASK, 0x1e000, 4);
    left.run(TASK, 0x13000, 3);
    assertThat(settle(left))
        .containsExactly(
            "forget 701 13000+1",
            "pages 701 14000+1",
            "forget 701 15000+1",
            "forget 701 1e000+2",
            "pages 701 20000+2");
  }

  @Test
  void forgetting_isSaidOnlyOfWhatWasSent() throws Exception {
    sender.run(TASK, 0x11000, 1);
    sender.await();
    sink.entries.clear();
    PagesLeftBehind left = new PagesLeftBehind(sender, true);
    left.run(TASK, 0x10000, 4);
    left.run(TASK, 0x18000, 4);
    assertThat(settle(left)).containsExactly("forget 701 11000+1");
  }

  @Test
  void runsThatWereFoundTwice_areSortedLikeOthers() throws Exception {
    PagesLeftBehind left = new PagesLeftBehind(sender, false);
    left.run(TASK, 0x12000, 4);
    left.run(TASK, 0x10000, 18);
    left.run(TASK, 0x14000, 1);
    left.run(TASK, 0x21000, 2);
    assertThat(settle(left))
        .containsExactly(
            "pages 701 14000+1",
            "pages 701 20000+2",
            "pages 701 14000+1",
            "pages 701 14000+1",
            "pages 701 21000+2");
  }

  @Test
  void pagesThatAreNoMore_areForgotten_andNotSent() throws Exception {
    sender.run(TASK, 0x20000, 4);
    sender.await();
    sink.entries.clear();
    PagesLeftBehind left = new PagesLeftBehind(sender, true);
    left.run(TASK, 0x20000, 4);
    left.settle(images, inventory(run(0x21000, 1)));
    sender.await();
    assertThat(sink.entries)
        .containsExactly("forget 701 20000+1", "pages 701 21000+1", "forget 701 22000+2");
  }

  @Test
  void processThatEnded_isLeftOut() throws Exception {
    PagesLeftBehind left = new PagesLeftBehind(sender, true);
    left.run(new Noise(0x801, false), 0x20000, 4);
    assertThat(settle(left)).isEmpty();
  }

  @Test
  void imagesThatMakeNoSense_areAnError(@TempDir Path empty) {
    PagesLeftBehind left = new PagesLeftBehind(sender, true);
    assertThatThrownBy(
            () -> {
              left.run(TASK, 0x10000, 1);
              left.settle(empty, inventory(run(0x10000, 1)));
            })
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.IO));
  }
}
