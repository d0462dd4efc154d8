package io.podkit.migrate.memory.store;

import static io.podkit.migrate.memory.store.WaitingPod.content;
import static io.podkit.migrate.memory.store.WaitingPod.memory;
import static io.podkit.migrate.memory.store.WaitingPod.run;
import static io.podkit.migrate.memory.store.WaitingPod.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order what is missing is asked for. */
class MissingPagesTest {
  private final WaitingPod pod;

  MissingPagesTest(@TempDir Path directory) throws PodkitException {
    pod = new WaitingPod(directory);
  }

  private static List<Bulk.PagesWanted> all(RemotePages pages) {
    List<Bulk.PagesWanted> all = new ArrayList<>();
    for (Bulk.PagesWanted next = pages.next(); next != null; next = pages.next()) {
      all.add(next);
    }
    assertThat(pages.next()).as("again").isNull();
    return all;
  }

  /** The pages by their numbers, in the order they are asked for. */
  private static List<Long> numbers(List<Bulk.PagesWanted> wanted) {
    List<Long> numbers = new ArrayList<>();
    for (Bulk.PagesWanted one : wanted) {
      for (int i = 0; i < one.pages(); i++) {
        numbers.add(one.address() / PageRun.PAGE_SIZE + i);
      }
    }
    return numbers;
  }

  @Test
  void next_isByAddress_aFewAtOnce_neverAcrossAGap() throws Exception {
    pod.task(7, run(0x100, 300), run(0x300, 3)).task(9, run(0x100, 2)).begin();
    try (RemotePages pages = pod.fetch()) {
      assertThat(all(pages))
          .containsExactly(
              wanted(7, 0x100, 256),
              wanted(7, 0x200, 44),
              wanted(7, 0x300, 3),
              wanted(9, 0x100, 2));
    }
  }

  @Test
  void next_leavesOutWhatIsHereOrHasCome() throws Exception {
    pod.task(7, run(16, 8)).has(7, run(18, 1), 1).begin();
    try (RemotePages pages = pod.fetch()) {
      pages.zeros(memory(7), run(16, 1));
      pages.content(memory(7), run(21, 2), content(1, 2));
      assertThat(all(pages)).containsExactly(wanted(7, 17, 1), wanted(7, 19, 2), wanted(7, 23, 1));
    }
  }

  @Test
  void hotPages_comeFirst_andOnce() throws Exception {
    pod.task(7, run(16, 8)).task(9, run(16, 8));
    pod.hot(9, run(20, 2)).hot(7, run(23, 1)).hot(9, run(19, 3)).hot(8, run(16, 1)).begin();
    try (RemotePages pages = pod.fetch()) {
      assertThat(all(pages))
          .containsExactly(
              wanted(9, 20, 2),
              wanted(7, 23, 1),
              wanted(9, 19, 1),
              wanted(7, 16, 7),
              wanted(9, 16, 3),
              wanted(9, 22, 2));
    }
  }

  @Test
  void fault_hasItsSurroundingsAskedForBeforeTheRest() throws Exception {
    pod.task(7, run(0, 512)).hot(7, run(500, 1)).begin();
    try (RemotePages pages = pod.fetch()) {
      assertThat(pages.urgent(7, run(300, 1))).isEqualTo(wanted(7, 300, 1));
      List<Bulk.PagesWanted> rest = all(pages);
      // Numbers 256 to 383 lie around it.
      assertThat(rest).startsWith(wanted(7, 256, 44), wanted(7, 301, 83), wanted(7, 500, 1));
      assertThat(numbers(rest)).hasSize(511).doesNotHaveDuplicates().doesNotContain(300L);
    }
  }

  @Test
  void lastFault_isPreferred() throws Exception {
    pod.task(7, run(0, 512)).begin();
    try (RemotePages pages = pod.fetch()) {
      pages.urgent(7, run(1, 1));
      pages.urgent(7, run(500, 1));
      assertThat(pages.next()).isEqualTo(wanted(7, 384, 116));
      pages.urgent(7, run(130, 1));
      assertThat(pages.next()).isEqualTo(wanted(7, 128, 2));
      assertThat(pages.next()).isEqualTo(wanted(7, 131, 125));
    }
  }

  @Test
  void fault_asksAgainForWhatWasAskedFor_butNotForWhatCame() throws Exception {
    pod.task(7, run(0, 64)).begin();
    try (RemotePages pages = pod.fetch()) {
      assertThat(pages.next()).isEqualTo(wanted(7, 0, 64));
      assertThat(pages.urgent(7, run(5, 1))).isEqualTo(wanted(7, 5, 1));
      pages.content(memory(7), run(5, 1), content(1));
      assertThat(pages.urgent(7, run(5, 3))).isNull();
      assertThat(pages.urgent(7, run(6, 3))).isEqualTo(wanted(7, 6, 3));
      assertThat(pages.next()).isNull();
    }
  }

  @Test
  void fault_isOneBatchAtMost_andEndsWhereItsPagesDo() throws Exception {
    pod.task(7, run(0, 1024), run(2048, 2)).has(7, run(4, 1), 1).begin();
    try (RemotePages pages = pod.fetch()) {
      assertThat(pages.urgent(7, run(100, 1000))).isEqualTo(wanted(7, 100, 256));
      assertThat(pages.urgent(7, run(2, 9))).isEqualTo(wanted(7, 2, 2));
      assertThat(pages.urgent(7, run(2049, 9))).isEqualTo(wanted(7, 2049, 1));
    }
  }

  @Test
  void fault_elsewhere_isNotAskedFor() throws Exception {
    pod.task(7, run(16, 2)).begin();
    try (RemotePages pages = pod.fetch()) {
      assertThat(pages.urgent(8, run(16, 1))).isNull();
      assertThat(pages.urgent(7, run(18, 1))).isNull();
      assertThat(pages.urgent(7, run(15, 2))).isNull();
      assertThat(all(pages)).containsExactly(wanted(7, 16, 2));
    }
  }

  @Test
  void moreFaultsThanAnybodyRemembers_leaveNothingOut() throws Exception {
    pod.task(7, run(0, 3000L * 128)).begin();
    try (RemotePages pages = pod.fetch()) {
      for (int i = 0; i < 3000; i++) {
        pages.urgent(7, run(i * 128L, 1));
      }
      assertThat(numbers(all(pages))).hasSize(3000 * 127).doesNotHaveDuplicates();
    }
  }

  @Test
  void another_asksAgainForWhatDidNotCome() throws Exception {
    pod.task(7, run(16, 8)).begin();
    try (RemotePages dead = pod.fetch()) {
      assertThat(all(dead)).hasSize(1);
      dead.zeros(memory(7), run(16, 3));
    }
    try (RemotePages pages = pod.fetch()) {
      assertThat(all(pages)).containsExactly(wanted(7, 19, 5));
    }
  }
}
