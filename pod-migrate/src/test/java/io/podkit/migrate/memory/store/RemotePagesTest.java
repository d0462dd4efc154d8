package io.podkit.migrate.memory.store;

import static io.podkit.migrate.memory.store.WaitingPod.REMOTE;
import static io.podkit.migrate.memory.store.WaitingPod.ZERO;
import static io.podkit.migrate.memory.store.WaitingPod.content;
import static io.podkit.migrate.memory.store.WaitingPod.memory;
import static io.podkit.migrate.memory.store.WaitingPod.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.podkit.criu.image.PageRun;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes late: where it lies, what the filler reads of it, what is refused. */
class RemotePagesTest {
  /** Slots that the first page before the pod ran took at once. */
  private static final int EARLY = PageStore.CHUNK;

  @TempDir Path directory;
  private WaitingPod pod;

  /** Process 7 has pages 16 to 19 and 32 to 34, process 9 page 16; page 17 of 7 is here. */
  @BeforeEach
  void begin() throws Exception {
    pod = new WaitingPod(directory).task(7, run(16, 4), run(32, 3)).task(9, run(16, 1));
    assertThat(pod.has(7, run(17, 1), 5).begin()).isEqualTo(new FillIndex.Written(8, 7));
  }

  private void assertNothingCame() throws IOException {
    assertThat(pod.slots(0)).containsExactly(REMOTE, 0, REMOTE, REMOTE, REMOTE, REMOTE, REMOTE);
    assertThat(pod.slots(1)).containsExactly(REMOTE);
    assertThat(Files.size(directory.resolve("store"))).isEqualTo((EARLY + 8L) * 4096);
    for (int slot = EARLY; slot < EARLY + 8; slot++) {
      assertThat(pod.firstByte(slot)).as("slot %d", slot).isZero();
    }
    assertThat(pod.told).isEmpty();
  }

  @Test
  void begin_leavesToComeWhatNeverCame() throws Exception {
    try (RemotePages pages = pod.fetch()) {
      assertThat(pages.left()).isEqualTo(7);
      assertNothingCame();
    }
  }

  @Test
  void content_liesInASlotOfItsOwn_andTheFillerIsTold() throws Exception {
    try (RemotePages pages = pod.fetch()) {
      ByteBuffer two = content(1, 2, 99).position(0);
      pages.content(memory(7), run(33, 2), two);
      assertThat(two.position()).isEqualTo(2 * PageRun.PAGE_SIZE);
      pages.content(memory(9), run(16, 1), content(3));

      assertThat(pod.slots(0))
          .containsExactly(REMOTE, 0, REMOTE, REMOTE, REMOTE, EARLY + 5, EARLY + 6);
      assertThat(pod.slots(1)).containsExactly(EARLY + 7);
      assertThat(pod.firstByte(EARLY + 5)).isEqualTo(1);
      assertThat(pod.firstByte(EARLY + 6)).isEqualTo(2);
      assertThat(pod.firstByte(EARLY + 7)).isEqualTo(3);
      assertThat(pod.told).containsExactly("7: 21000+2", "9: 10000+1");
      assertThat(pages.left()).isEqualTo(4);
    }
  }

  @Test
  void content_thatComesTwice_doesNoHarm() throws Exception {
    try (RemotePages pages = pod.fetch()) {
      pages.content(memory(7), run(18, 1), content(1));
      pages.content(memory(7), run(18, 1), content(2));
      assertThat(pod.firstByte(EARLY + 2)).as("the pod may have it already").isEqualTo(1);
      assertThat(pages.left()).isEqualTo(6);
    }
  }

  @Test
  void content_aroundWhatIsHere_leavesThatAlone() throws Exception {
    try (RemotePages pages = pod.fetch()) {
      pages.zeros(memory(7), run(19, 1));
      pages.content(memory(7), run(16, 4), content(1, 2, 3, 4));
      assertThat(pod.slots(0)).startsWith(EARLY, 0, EARLY + 2, ZERO);
      assertThat(pod.firstByte(0)).isEqualTo(5);
      assertThat(pod.firstByte(EARLY)).isEqualTo(1);
      assertThat(pod.firstByte(EARLY + 2)).isEqualTo(3);
      assertThat(pages.left()).isEqualTo(4);
    }
  }

  @Test
  void zeros_takeNoMemory_andUndoNothing() throws Exception {
    try (RemotePages pages = pod.fetch()) {
      pages.content(memory(7), run(18, 1), content(1));
      pages.zeros(memory(7), run(16, 4));
      pages.zeros(memory(7), run(16, 4));
      assertThat(pod.slots(0)).startsWith(ZERO, 0, EARLY + 2, ZERO, REMOTE);
      assertThat(pages.left()).isEqualTo(4);
      assertThat(pod.told).endsWith("7: 10000+4", "7: 10000+4");
    }
  }

  @Test
  void pagesThatThePodDoesNotHave_areRefused() throws Exception {
    try (RemotePages pages = pod.fetch()) {
      for (PageRun strange :
          new PageRun[] {
            run(15, 1),
            run(15, 2),
            run(20, 1),
            run(19, 2),
            run(16, 5),
            run(19, 14),
            run(34, 2),
            run(16, 19),
            run(0, 64),
            run(1L << 35, 1)
          }) {
        int pieces = (int) strange.pages();
        assertRefused(() -> pages.content(memory(7), strange, content(new int[pieces])));
        assertRefused(() -> pages.zeros(memory(7), strange));
      }
      assertNothingCame();
    }
  }

  @Test
  void memoryOfOthers_isRefused() throws Exception {
    long shared = memory(7) ^ 3;
    try (RemotePages pages = pod.fetch()) {
      for (long strange : new long[] {memory(8), shared, 0, -1, Long.MIN_VALUE}) {
        assertRefused(() -> pages.content(strange, run(16, 1), content(1)));
        assertRefused(() -> pages.zeros(strange, run(16, 1)));
      }
      assertNothingCame();
    }
  }

  @Test
  void whatOnlyRoundsHave_isRefused() throws Exception {
    try (RemotePages pages = pod.fetch()) {
      pages.content(memory(9), run(16, 1), content(1));
      pod.told.clear();
      assertRefused(() -> pages.same(memory(7), run(16, 1), memory(9), 0x10000));
      assertRefused(() -> pages.absent(memory(9), run(16, 1)));
      assertThat(pod.slots(1)).containsExactly(EARLY + 7);
      assertThat(pages.left()).isEqualTo(6);
      assertThat(pod.told).isEmpty();
    }
  }

  @Test
  void another_goesOnWhereOneHasDied() throws Exception {
    RemotePages dead = pod.fetch();
    dead.content(memory(7), run(32, 2), content(1, 2));
    dead.zeros(memory(9), run(16, 1));
    // It is not closed: a process that dies closes nothing.
    try (RemotePages pages = pod.fetch()) {
      assertThat(pages.left()).isEqualTo(4);
      pages.content(memory(7), run(32, 3), content(9, 9, 3));
      assertThat(pages.left()).isEqualTo(3);
      assertThat(pod.firstByte(EARLY + 4)).isEqualTo(1);
      assertThat(pod.firstByte(EARLY + 6)).isEqualTo(3);
    }
    dead.close();
  }

  @Test
  void discard_givesTheMemoryBack() throws Exception {
    try (RemotePages pages = pod.fetch()) {
      pages.discard();
      assertThat(directory.resolve("store")).isEmptyFile();
    }
  }

  private static void assertRefused(ThrowingCallable taking) {
    assertThatThrownBy(taking)
        .asInstanceOf(type(PodkitException.class))
        .extracting(PodkitException::kind)
        .isEqualTo(ErrorKind.PEER);
  }
}
