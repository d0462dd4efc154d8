package io.podkit.migrate.memory.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageFlag;
import io.podkit.criu.image.PageRun;
import io.podkit.criu.image.PagemapImage;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreImagesTest {
  private static final Set<PageFlag> AT_ONCE = Set.of(PageFlag.PRESENT);
  private static final Set<PageFlag> LATER = Set.of(PageFlag.LAZY);

  private final Path images;
  private final PageStore store;
  private final HandmadeDump dump;

  RestoreImagesTest(@TempDir Path images) throws PodkitException {
    this.images = images;
    this.store = PageStore.create(images, 1 << 16);
    this.dump = new HandmadeDump(images);
  }

  private static PageRun run(long address, long pages) {
    return new PageRun(address, pages);
  }

  /** Pages came, each full of its address. */
  private void stored(long pid, PageRun... runs) throws PodkitException {
    long memory = new MemoryImage(MemoryImage.Kind.TASK, pid).encoded();
    for (PageRun run : runs) {
      for (long at = run.address(); at < run.end(); at += PageRun.PAGE_SIZE) {
        store.lane(0).content(memory, run(at, 1), ByteBuffer.wrap(HandmadeDump.page(at)));
      }
    }
  }

  private List<MemoryInventory.OfProcess> complete(MemoryInventory.OfProcess... processes)
      throws IOException {
    MemoryInventory inventory =
        new MemoryInventory(List.of(processes), List.of(), List.of(), List.of());
    return RestoreImages.complete(images, inventory, store.pages());
  }

  private static MemoryInventory.OfProcess process(long pid, PageRun... runs) {
    return new MemoryInventory.OfProcess(pid, List.of(runs));
  }

  private static PagemapImage.Entry entry(long address, long pages, Set<PageFlag> flags) {
    return new PagemapImage.Entry(run(address, pages), flags);
  }

  @Test
  void pages_comeLaterWhereCriuAllowsIt_elseAtOnce() throws Exception {
    dump.areas(
        7,
        HandmadeDump.area(0x10000, 0x20000, HandmadeDump.ANONYMOUS),
        HandmadeDump.area(0x30000, 0x34000, HandmadeDump.OF_A_FILE),
        HandmadeDump.area(0x34000, 0x36000, HandmadeDump.LOCKED),
        HandmadeDump.area(0x40000, 0x48000, HandmadeDump.ANONYMOUS));
    dump.thread(7, 0x45678);
    dump.dumped(7, 1, run(0x31000, 1));
    PageRun[] carried = {
      run(0x10000, 3), run(0x30000, 1), run(0x33000, 2), run(0x44000, 3), run(0x90000, 1)
    };
    stored(7, carried);

    assertThat(complete(process(7, carried)))
        .containsExactly(process(7, run(0x10000, 3), run(0x44000, 1), run(0x46000, 1)));

    PagemapImage pagemap = dump.readPagemap(7);
    assertThat(pagemap.entries())
        .containsExactly(
            entry(0x10000, 3, LATER),
            entry(0x30000, 2, AT_ONCE),
            entry(0x33000, 2, AT_ONCE),
            entry(0x44000, 1, LATER),
            entry(0x45000, 1, AT_ONCE),
            entry(0x46000, 1, LATER));
    assertThat(dump.readPages(pagemap.pagesName()))
        .containsExactly(0x30000L, -0x31000L, 0x33000L, 0x34000L, 0x45000L);
  }

  @Test
  void pagesOfNoMapping_areLeftOut() throws Exception {
    dump.areas(
        7,
        HandmadeDump.area(0x10000, 0x12000, HandmadeDump.ANONYMOUS),
        HandmadeDump.vdso(0x12000, 0x13000),
        HandmadeDump.area(0x14000, 0x16000, HandmadeDump.ANONYMOUS));
    dump.dumped(7, 1);
    stored(7, run(0xf000, 9));

    assertThat(complete(process(7, run(0xf000, 9))))
        .containsExactly(process(7, run(0x10000, 2), run(0x14000, 2)));
  }

  @Test
  void eachProcess_hasAFileOfItsOwn() throws Exception {
    for (long pid : new long[] {7, 8}) {
      dump.areas(pid, HandmadeDump.area(0x30000, 0x34000, HandmadeDump.OF_A_FILE));
      stored(pid, run(0x30000, 1));
    }
    dump.dumped(7, 1, run(0x31000, 2));
    dump.dumped(8, 2);

    assertThat(complete(process(7, run(0x30000, 1)), process(8, run(0x30000, 1))))
        .containsExactly(process(7), process(8));
    assertThat(dump.readPages(dump.readPagemap(7).pagesName()))
        .containsExactly(0x30000L, -0x31000L, -0x32000L);
    assertThat(dump.readPages(dump.readPagemap(8).pagesName())).containsExactly(0x30000L);
  }

  @Test
  void nothingCarried_isADumpAsItWas() throws Exception {
    dump.areas(7, HandmadeDump.area(0x30000, 0x34000, HandmadeDump.OF_A_FILE));
    dump.dumped(7, 1, run(0x30000, 1), run(0x33000, 1));
    assertThat(complete(process(7))).containsExactly(process(7));
    assertThat(dump.readPagemap(7).entries())
        .containsExactly(entry(0x30000, 1, AT_ONCE), entry(0x33000, 1, AT_ONCE));
    assertThat(dump.readPages(dump.readPagemap(7).pagesName()))
        .containsExactly(-0x30000L, -0x33000L);
  }

  private void assertRefused(PageRun... carried) {
    assertThatThrownBy(() -> complete(process(7, carried)))
        .isInstanceOf(ImageFormatException.class);
  }

  @Test
  void pageThatBothHave_isAContradiction() throws Exception {
    dump.areas(7, HandmadeDump.area(0x10000, 0x20000, HandmadeDump.ANONYMOUS));
    dump.dumped(7, 1, run(0x12000, 2));
    stored(7, run(0x10000, 8));
    assertRefused(run(0x13000, 1));
    assertRefused(run(0x11000, 2));
    assertRefused(run(0x10000, 8));
    assertThat(complete(process(7, run(0x11000, 1), run(0x14000, 1)))).hasSize(1);
  }

  @Test
  void pageThatNobodyHas() throws Exception {
    dump.areas(7, HandmadeDump.area(0x30000, 0x34000, HandmadeDump.OF_A_FILE));
    dump.dumped(7, 1);
    assertRefused(run(0x30000, 1));
  }

  @Test
  void pagemapWithoutContents() throws Exception {
    dump.areas(7, HandmadeDump.area(0x10000, 0x20000, HandmadeDump.ANONYMOUS));
    dump.pagemap(7, 1, LATER, run(0x10000, 1));
    assertRefused();
    dump.pagemap(7, 1, Set.of(PageFlag.PARENT), run(0x10000, 1));
    assertRefused();
  }

  @Test
  void pagesFile_thatIsCutOffOrMissing() throws Exception {
    dump.areas(7, HandmadeDump.area(0x10000, 0x20000, HandmadeDump.ANONYMOUS));
    dump.dumped(7, 1, run(0x10000, 2));
    Path pages = images.resolve("pages-1.img");
    byte[] whole = Files.readAllBytes(pages);
    Files.write(pages, Arrays.copyOf(whole, whole.length - 1));
    assertRefused();

    Files.delete(pages);
    Files.delete(images.resolve("pages-65537.img"));
    assertRefused();
  }

  @Test
  void imagesThatAreMissing() throws Exception {
    assertThatThrownBy(() -> complete(process(7))).isInstanceOf(NoSuchFileException.class);
    dump.dumped(7, 1);
    assertThatThrownBy(() -> complete(process(7))).isInstanceOf(NoSuchFileException.class);
  }
}
