package io.podkit.migrate.memory.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the store and its slots, beside what was put in. */
class StoreLaneTest {
  private static final long TASK = 0x701;
  private static final int SHARED = 1 << 31;
  private static final int ZERO = -1;
  private static final int PAGES = 300;

  private final Path directory;
  private final PageStore store;
  private final StoreLane lane;

  /** What each page is full of, by its number. */
  private final Map<Long, Integer> model = new HashMap<>();

  StoreLaneTest(@TempDir Path directory) throws PodkitException {
    this.directory = directory;
    store = PageStore.create(directory, 1 << 20);
    lane = store.lane(0);
  }

  private static PageRun run(long page, long count) {
    return new PageRun(page * PageRun.PAGE_SIZE, count);
  }

  private void content(long page, int... values) throws PodkitException {
    ByteBuffer content = ByteBuffer.allocate(values.length * PageRun.PAGE_SIZE + 1);
    for (int i = 0; i < values.length; i++) {
      for (int at = 0; at < PageRun.PAGE_SIZE; at += Integer.BYTES) {
        content.putInt(values[i]);
      }
      model.put(page + i, values[i]);
    }
    content.flip();
    lane.content(TASK, run(page, values.length), content);
    assertThat(content.hasRemaining()).isFalse();
  }

  private void zeros(long page, int count) {
    lane.zeros(TASK, run(page, count));
    for (int i = 0; i < count; i++) {
      model.put(page + i, 0);
    }
  }

  private int stored(long page) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(2 * PageRun.PAGE_SIZE).position(8);
    store.pages().read(TASK, page * PageRun.PAGE_SIZE, content);
    assertThat(content.position()).isEqualTo(8 + PageRun.PAGE_SIZE);
    int first = content.getInt(8);
    for (int at = 8; at < content.position(); at += Integer.BYTES) {
      assertThat(content.getInt(at)).isEqualTo(first);
    }
    return first;
  }

  private int[] entries(long page, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    store.pages().entries(TASK, run(page, count), false, into);
    int[] entries = new int[count];
    into.flip().asIntBuffer().get(entries);
    return entries;
  }

  private void assertAsModelled() throws IOException {
    for (Map.Entry<Long, Integer> page : model.entrySet()) {
      assertThat(stored(page.getKey())).as("page %d", page.getKey()).isEqualTo(page.getValue());
    }
  }

  @Test
  void neighbours_lieTogether() throws Exception {
    content(510, 1, 2, 3, 4);
    assertThat(entries(510, 4)).containsExactly(0, 1, 2, 3);
    assertAsModelled();
  }

  @Test
  void newContent_takesTheOldPlace_unlessOthersHaveItToo() throws Exception {
    content(1, 1);
    content(1, 2);
    assertThat(entries(1, 1)).containsExactly(0);

    lane.same(TASK, run(2, 1), TASK, PageRun.PAGE_SIZE);
    model.put(2L, 2);
    assertThat(entries(1, 2)).containsExactly(SHARED, SHARED);
    content(1, 3);
    assertThat(entries(1, 2)).containsExactly(1, 0);
    assertAsModelled();
  }

  @Test
  void zeros_giveTheirPlaceBack() throws Exception {
    content(1, 1, 2);
    zeros(1, 1);
    assertThat(entries(1, 2)).containsExactly(ZERO, 1);
    content(9, 5);
    assertThat(entries(9, 1)).containsExactly(0);
    content(1, 6);
    assertAsModelled();
  }

  @Test
  void absent_isAsIfThePageHadNeverCome() throws Exception {
    content(1, 1, 2, 3);
    zeros(4, 1);
    lane.same(TASK, run(5, 1), TASK, 3L << 12);
    lane.absent(TASK, run(0, 2));
    lane.absent(TASK, run(3, 2));
    lane.absent(TASK, run(600, 1));
    for (long page : new long[] {0, 1, 3, 4, 600}) {
      assertThatThrownBy(() -> entries(page, 1)).isInstanceOf(ImageFormatException.class);
    }
    assertThat(entries(2, 1)).containsExactly(1);
    assertThat(entries(5, 1)).as("the other one has it to itself now").containsExactly(2);
    assertThat(stored(5)).isEqualTo(3);
    assertThatThrownBy(() -> lane.same(TASK, run(6, 1), TASK, 1L << 12))
        .isInstanceOf(PodkitException.class);

    content(9, 4);
    assertThat(entries(9, 1)).as("its place is free").containsExactly(0);
  }

  @Test
  void entries_ofWhatFollows_areCounted() throws Exception {
    content(510, 1);
    zeros(512, 1);
    lane.absent(TASK, run(510, 1));
    ByteBuffer into = ByteBuffer.allocate(5 * Integer.BYTES);
    assertThat(store.pages().entries(TASK, run(509, 5), true, into)).isEqualTo(4);
    int[] entries = new int[5];
    into.flip().asIntBuffer().get(entries);
    assertThat(entries).containsExactly(-2, -2, -2, ZERO, -2);
  }

  @Test
  void reserve_makesRoomBehindAll_andHarmsNothing() throws Exception {
    int[] values = new int[PageStore.CHUNK];
    Arrays.fill(values, 0x01010101);
    content(0, values);
    assertThat(store.reserve(0)).isEqualTo(PageStore.CHUNK);
    assertAsModelled();
    assertThat(store.reserve(3)).isEqualTo(PageStore.CHUNK);
    assertThat(Files.size(directory.resolve(PageStore.FILE)))
        .isEqualTo((PageStore.CHUNK + 3L) * PageRun.PAGE_SIZE);
    assertAsModelled();
  }

  @Test
  void reserve_ofNothingInAnEmptyStore_isNothing() throws Exception {
    assertThat(store.reserve(0)).isZero();
    assertThat(directory.resolve(PageStore.FILE)).isEmptyFile();
  }

  @Test
  void pageThatNeverCame_isAnError() throws Exception {
    content(1, 1);
    for (long page : new long[] {0, 2, 511, 512, 1 << 20}) {
      assertThatThrownBy(() -> stored(page)).isInstanceOf(ImageFormatException.class);
      assertThatThrownBy(() -> entries(page, 1))
          .isInstanceOf(ImageFormatException.class)
          .hasMessageContaining("never came");
    }
    assertThatThrownBy(() -> entries(1, 2)).isInstanceOf(ImageFormatException.class);
    assertThatThrownBy(
            () -> store.pages().entries(TASK + 1, run(1, 1), false, ByteBuffer.allocate(4)))
        .isInstanceOf(ImageFormatException.class);
  }

  @Test
  void otherLanes_haveOtherPages() throws Exception {
    content(1, 1);
    StoreLane other = store.lane(1);
    other.zeros(TASK, run(512, 1));
    other.content(TASK, run(513, 1), ByteBuffer.allocate(PageRun.PAGE_SIZE).put(0, (byte) 7));

    assertThat(store.lane(1)).isSameAs(other);
    assertThat(stored(1)).isEqualTo(1);
    assertThat(stored(512)).isZero();
    assertThat(entries(512, 2)).containsExactly(ZERO, PageStore.CHUNK);
    assertThatThrownBy(() -> lane.same(TASK, run(3, 1), TASK, 513L << 12))
        .isInstanceOf(PodkitException.class);
  }

  @Test
  void randomOperations_leaveWhatTheModelHas() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      long page = 400L + random.nextInt(PAGES);
      int count = 1 + random.nextInt(8);
      switch (random.nextInt(3)) {
        case 0 -> content(page, random.ints(count, 1, 50).toArray());
        case 1 -> zeros(page, count);
        default -> same(page, 400L + random.nextInt(PAGES));
      }
    }
    assertAsModelled();
    assertSlotsAreSharedAsTheySay();
  }

  private void same(long page, long other) throws PodkitException {
    Integer content = model.get(other);
    if (content != null && content != 0) {
      lane.same(TASK, run(page, 1), TASK, other * PageRun.PAGE_SIZE);
      model.put(page, content);
    }
  }

  private void assertSlotsAreSharedAsTheySay() throws IOException {
    Map<Integer, List<Long>> pages = new HashMap<>();
    for (long page : model.keySet()) {
      int entry = entries(page, 1)[0];
      assertThat(entry == ZERO).isEqualTo(model.getOrDefault(page, 0) == 0);
      if (entry != ZERO) {
        pages.computeIfAbsent(entry, unknown -> new ArrayList<>()).add(page);
      }
    }
    pages.forEach(
        (entry, users) -> {
          assertThat(users.size() > 1).as("slot %x of %s", entry, users).isEqualTo(entry < 0);
        });
    // No more slots than were ever in use at once, a chunk more at most.
    assertThat(store.bytes() / PageRun.PAGE_SIZE).isLessThanOrEqualTo(PAGES + PageStore.CHUNK);
  }
}
