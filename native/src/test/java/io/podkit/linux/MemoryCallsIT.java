package io.podkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.userfault.UserfaultLender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real calls on another process's memory. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MemoryCallsIT {
  private static final Path POD_INIT = Path.of("target/pod-init").toAbsolutePath();
  private static final int PAGES = 64;
  private static final int PAGE = (int) PagesProcess.PAGE;
  private static final Set<PageCategory> HELD = Set.of(PageCategory.PRESENT, PageCategory.SWAPPED);
  private static final PageQuery ALL = new PageQuery(Set.of(), Set.of(), HELD, false);
  private static final PageQuery WRITTEN =
      new PageQuery(Set.of(PageCategory.WRITTEN), Set.of(), HELD, false);
  private static final PageQuery WRITTEN_ONCE =
      new PageQuery(Set.of(PageCategory.WRITTEN), Set.of(), HELD, true);

  private final JnrSyscalls sys = JnrSyscalls.load();
  private final UserfaultLender lender = new UserfaultLender(sys, new PosixSpawner(sys), POD_INIT);
  private final PageScan scan = new PageScan(PAGES);
  private final PagesProcess process;

  MemoryCallsIT() throws IOException {
    process = PagesProcess.start(sys, PAGES);
  }

  @AfterEach
  void end() throws IOException {
    lender.close();
    process.close();
  }

  private MemoryRanges ranges(int... pages) {
    MemoryRanges ranges = new MemoryRanges(pages.length);
    for (int page : pages) {
      ranges.add(process.address(page), PAGE);
    }
    assertThat(ranges.isFull()).isTrue();
    return ranges;
  }

  private Fd pagemap() throws ErrnoException {
    Path file = Path.of("/proc", process.pid().toString(), "pagemap");
    return sys.open(PathAt.of(file), Set.of(OpenFlag.READ_WRITE), 0);
  }

  /** The pages that a scan of all finds, by number. */
  private List<Long> found(Fd pagemap, PageQuery query) throws ErrnoException {
    List<Long> pages = new ArrayList<>();
    long at = process.address(0);
    while (at < process.address(PAGES)) {
      sys.scanPages(pagemap, at, process.address(PAGES), query, scan);
      for (int run = 0; run < scan.count(); run++) {
        for (long page = scan.start(run); page < scan.end(run); page += PAGE) {
          pages.add((page - process.address(0)) / PAGE);
        }
      }
      at = scan.walkEnd();
    }
    return pages;
  }

  @Test
  void readMemory_takesRangesOneBehindTheOther() throws Exception {
    NativeBuffer into = NativeBuffer.allocate(4 * PAGE);
    into.bytes().position(PAGE);
    assertThat(sys.readMemory(process.pid(), ranges(9, 2, 4), into)).isEqualTo(3 * PAGE);
    assertThat(into.bytes().position()).isEqualTo(4 * PAGE);
    assertThat(into.bytes().getLong(0)).isZero();
    assertThat(into.bytes().getLong(PAGE)).isEqualTo(10);
    assertThat(into.bytes().getLong(2 * PAGE)).isEqualTo(3);
    assertThat(into.bytes().getLong(3 * PAGE)).isEqualTo(5);
  }

  @Test
  void readMemory_endsWhereItMayNotRead() throws Exception {
    process.obey("protect 4");
    process.obey("unmap 6");
    for (int page : new int[] {4, 6}) {
      NativeBuffer into = NativeBuffer.allocate(3 * PAGE);
      assertThat(sys.readMemory(process.pid(), ranges(2, page, 8), into)).isEqualTo(PAGE);
      assertThat(into.bytes().position()).isEqualTo(PAGE);
      assertThatThrownBy(() -> sys.readMemory(process.pid(), ranges(page, 2, 3), into))
          .hasMessageContaining("EFAULT");
    }
  }

  @Test
  void writeMemory_isSeenByTheProcess() throws Exception {
    NativeBuffer from = NativeBuffer.allocate(2 * PAGE);
    from.bytes().putLong(0, 77).putLong(PAGE, 78);
    assertThat(sys.writeMemory(process.pid(), process.address(3), from)).isEqualTo(2 * PAGE);
    assertThat(from.bytes().hasRemaining()).isFalse();
    process.obey("check 3 77");
    process.obey("check 4 78");
    process.obey("check 5 6");
    process.obey("unmap 9");
    from.bytes().clear();
    assertThat(sys.writeMemory(process.pid(), process.address(8), from)).isEqualTo(PAGE);
    assertThatThrownBy(() -> sys.writeMemory(process.pid(), process.address(9), from))
        .hasMessageContaining("EFAULT");
  }

  @Test
  void processThatHasEnded_isToldApart() throws Exception {
    process.close();
    NativeBuffer buffer = NativeBuffer.allocate(PAGE);
    assertThatThrownBy(() -> sys.readMemory(process.pid(), ranges(1), buffer))
        .hasMessageContaining("ESRCH");
    assertThatThrownBy(() -> lender.borrow(process.pid())).isInstanceOf(IOException.class);
  }

  @Test
  void scanPages_findsWhatIsThere() throws Exception {
    process.obey("unmap 5");
    process.obey("protect 7");
    try (Fd pagemap = pagemap()) {
      assertThat(found(pagemap, ALL))
          .hasSize(PAGES - 2)
          .doesNotContain(5L, PAGES - 1L)
          .contains(7L);
      assertThat(sys.isTracked(pagemap, process.address(0), scan)).isFalse();
    }
  }

  @Test
  void scanPages_goesOnWhereThereWasNoMoreRoom() throws Exception {
    PageScan small = new PageScan(2);
    for (int page = 0; page < 10; page += 2) {
      process.obey("unmap " + page);
    }
    try (Fd pagemap = pagemap()) {
      sys.scanPages(pagemap, process.address(0), process.address(PAGES), ALL, small);
      assertThat(small.count()).isEqualTo(2);
      assertThat(small.start(0)).isEqualTo(process.address(1));
      assertThat(small.end(0)).isEqualTo(process.address(2));
      assertThat(small.end(1)).isEqualTo(process.address(4));
      assertThat(small.walkEnd()).isBetween(process.address(4), process.address(5));
      sys.scanPages(pagemap, small.walkEnd(), process.address(PAGES), ALL, small);
      assertThat(small.start(0)).isEqualTo(process.address(5));
    }
  }

  @Test
  void trackedWrites_areFoundExactlyOnce() throws Exception {
    try (Fd uffd = lender.borrow(process.pid());
        Fd pagemap = pagemap()) {
      sys.trackWrites(uffd, process.address(0), PAGES * (long) PAGE);
      sys.unprotect(uffd, process.address(0), PAGES * (long) PAGE);
      assertThat(sys.isTracked(pagemap, process.address(9), scan)).isTrue();
      assertThat(found(pagemap, WRITTEN_ONCE)).hasSize(PAGES - 1);
      assertThat(found(pagemap, WRITTEN_ONCE)).isEmpty();

      process.obey("write 3 100");
      process.obey("write 9 101");
      process.obey("check 10 11");
      process.obey("write 63 102"); // never touched before
      assertThat(found(pagemap, WRITTEN)).containsExactly(3L, 9L, 63L);
      assertThat(found(pagemap, WRITTEN_ONCE)).containsExactly(3L, 9L, 63L);
      assertThat(found(pagemap, WRITTEN)).isEmpty();
      assertThat(found(pagemap, WRITTEN_ONCE)).isEmpty();

      process.obey("write 3 103");
      assertThat(found(pagemap, WRITTEN_ONCE)).containsExactly(3L);
      process.obey("check 3 103");
      process.obey("check 63 102");

      // What one process writes into another counts too.
      NativeBuffer from = NativeBuffer.allocate(PAGE);
      sys.writeMemory(process.pid(), process.address(20), from);
      assertThat(found(pagemap, WRITTEN_ONCE)).containsExactly(20L);
    }
    lender.close(); // which has the last one that it lent, too
    try (Fd pagemap = pagemap()) {
      assertThat(sys.isTracked(pagemap, process.address(9), scan)).isFalse();
    }
    process.obey("write 3 104");
    process.obey("check 3 104");
  }

  @Test
  void trackWrites_refusesWhatIsNotMapped() throws Exception {
    process.obey("unmap 5");
    try (Fd uffd = lender.borrow(process.pid())) {
      assertThatThrownBy(() -> sys.trackWrites(uffd, process.address(5), PAGE))
          .hasMessageContaining("EINVAL");
      try (Fd other = lender.borrow(process.pid())) {
        sys.trackWrites(uffd, process.address(8), PAGE);
        assertThatThrownBy(() -> sys.trackWrites(other, process.address(8), PAGE))
            .hasMessageContaining("EBUSY");
      }
      process.close();
      assertThatThrownBy(() -> sys.trackWrites(uffd, process.address(9), PAGE))
          .hasMessageContaining("ENOMEM");
    }
  }

  @Test
  void pidfdGetfd_isACopy() throws Exception {
    try (FdPair pipe = sys.pipe();
        Fd self = sys.pidfdOpen(Pid.self());
        Fd copy = sys.pidfdGetfd(self, pipe.second().number())) {
      assertThat(copy.number()).isNotEqualTo(pipe.second().number());
      sys.write(copy, ByteBuffer.allocateDirect(1));
      assertThat(sys.read(pipe.first(), ByteBuffer.allocateDirect(2))).isOne();
      assertThatThrownBy(() -> sys.pidfdGetfd(self, 99_999)).hasMessageContaining("EBADF");
    }
  }
}
