package io.podkit.migrate.memory.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.memory.store.PageStore;
import io.podkit.migrate.protocol.Bulk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What answers a target, unpacked as it does that. */
class PageAnswerTest {
  private static final long MEMORY = 0x701;
  private static final long BASE = 0x7f00_0000_0000L;

  private final FakeMemory memory = new FakeMemory(MEMORY);
  private final Random random = new Random(1);
  private final AtomicLong sent = new AtomicLong();
  private final PageCounts counts = new PageCounts(sent::addAndGet);
  private final PageStore store;

  PageAnswerTest(@TempDir Path directory) throws PodkitException {
    store = PageStore.create(directory, 1 << 12);
  }

  private PageAnswer answering(Compression compression) {
    return new PageAnswer(compression, () -> 1, counts);
  }

  private static Bulk.PagesWanted wanted(int first, int pages) {
    return new Bulk.PagesWanted(MEMORY, address(first), pages);
  }

  private static long address(int page) {
    return BASE + page * 4096L;
  }

  private void assertArrives(Bulk.PageBatch answer, int first, int pages)
      throws PodkitException, IOException {
    new BatchDecoder(store.lane(0)).take(answer);
    for (int page = first; page < first + pages; page++) {
      ByteBuffer content = ByteBuffer.allocate(4096);
      store.pages().read(MEMORY, address(page), content);
      assertThat(content.array()).as("page %d", page).isEqualTo(memory.at(address(page)));
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void answer_hasAllOfThePages_whateverTheyAre(Compression compression) throws Exception {
    PageAnswer answers = answering(compression);
    for (int page = 0; page < 600; page++) {
      memory.with(address(page), SamplePages.any(random));
    }
    for (int first = 0; first < 600; first += 200) {
      assertArrives(answers.to(wanted(first, 200), memory), first, 200);
    }
    assertArrives(answers.to(wanted(100, 256), memory), 100, 256);
    assertArrives(answers.to(wanted(7, 1), memory), 7, 1);
    assertThat(counts.snapshot().wireBytes()).isEqualTo(sent.get());
  }

  @Test
  void answer_hasWhatWasSentBefore_again() throws Exception {
    PageAnswer answers = answering(Compression.NONE);
    memory.with(address(0), SamplePages.filled(1)).with(address(1), SamplePages.filled(1));
    for (int i = 0; i < 3; i++) {
      Bulk.PageBatch answer = answers.to(wanted(0, 2), memory);
      assertThat(answer.content().remaining()).isEqualTo(2 * 4096);
      assertArrives(answer, 0, 2);
    }
    assertThat(counts.snapshot()).isEqualTo(new PageCounts.Snapshot(6, 0, 0, 0, sent.get()));
  }

  @Test
  void zeros_areOnlyNamed() throws Exception {
    for (int page = 0; page < 256; page++) {
      memory.with(address(page), SamplePages.zeros());
    }
    Bulk.PageBatch answer = answering(Compression.AUTO).to(wanted(0, 256), memory);
    assertThat(answer.content().remaining()).isZero();
    assertThat(answer.table().remaining()).isEqualTo(16);
    assertThat(counts.snapshot().zero()).isEqualTo(256);
    assertArrives(answer, 0, 256);
  }

  @Test
  void content_isPackedOnlyWhereThatPays() throws Exception {
    memory.with(address(0), SamplePages.filled(1)).with(address(1), SamplePages.noise(random));
    PageAnswer answers = answering(Compression.LZ4);
    Bulk.PageBatch small = answers.to(wanted(0, 1), memory);
    assertThat(small.codec()).isEqualTo(Codec.LZ4.number());
    assertThat(small.content().remaining()).isLessThan(100);
    assertThat(small.rawBytes()).isEqualTo(4096);
    Bulk.PageBatch large = answers.to(wanted(1, 1), memory);
    assertThat(large.codec()).isEqualTo(Codec.NONE.number());
    assertThat(large.content().remaining()).isEqualTo(4096);
  }

  @Test
  void pageThatCannotBeRead_isAnError_notAShortAnswer() throws Exception {
    PageAnswer answers = answering(Compression.NONE);
    memory.with(address(0), SamplePages.filled(1)).with(address(2), SamplePages.filled(2));
    assertThatThrownBy(() -> answers.to(wanted(0, 3), memory))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("cannot read 7f0000000000+3 of process 7");
    assertArrives(answers.to(wanted(2, 1), memory), 2, 1);
    memory.becomeUnreadable();
    assertThatThrownBy(() -> answers.to(wanted(2, 1), memory))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("cannot read the memory of process 7");
    assertThat(counts.snapshot().pages()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0x7f0000000001, 1",
    "-4096, 1",
    "0x7ffffffffffff000, 256",
    "0xfffffffffff000, 2",
    "0x100000000000000, 1"
  })
  void placesThatNoProcessHas_areTheTargetsFault(String address, int pages) {
    PageAnswer answers = answering(Compression.NONE);
    Bulk.PagesWanted strange = new Bulk.PagesWanted(MEMORY, Long.decode(address), pages);
    assertThatThrownBy(() -> answers.to(strange, memory))
        .asInstanceOf(type(PodkitException.class))
        .extracting(PodkitException::kind)
        .isEqualTo(ErrorKind.PEER);
  }
}
