package io.podkit.migrate.memory.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageRun;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.memory.store.PageStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PageSenderTest {
  private static final int LANES = 3;
  private static final long STRIPE = 2 << 20;
  private static final long BASE = 0x7f00_0000_0000L;
  private final PodkitException gone = PodkitException.peer("the target is gone", null);

  private final PageStore store;
  private final List<StoringSink> sinks;
  private final PageSender sender;
  private final FakeMemory memory = new FakeMemory(0x701);
  private final Random random = new Random(1);
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong sentBytes = new AtomicLong();

  PageSenderTest(@TempDir Path directory) throws PodkitException {
    store = PageStore.create(directory, 1 << 20);
    sinks = IntStream.range(0, LANES).mapToObj(i -> new StoringSink(store.lane(i))).toList();
    sender =
        new PageSender(
            List.copyOf(sinks),
            Compression.NONE,
            () -> 1,
            sentBytes::addAndGet,
            failures::incrementAndGet);
  }

  @AfterEach
  void close() throws PodkitException {
    sender.close();
    store.close();
  }

  private byte[] stored(long address) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(PageRun.PAGE_SIZE);
    store.pages().read(memory.memory(), address, page);
    return page.array();
  }

  private void fill(long address, long pages) {
    for (long i = 0; i < pages; i++) {
      memory.with(address + i * PageRun.PAGE_SIZE, SamplePages.noise(random));
    }
  }

  @Test
  void longRun_arrivesAsAWhole() throws Exception {
    long pages = 3 * STRIPE / PageRun.PAGE_SIZE + 5;
    long start = BASE + STRIPE - 3 * PageRun.PAGE_SIZE;
    fill(start, pages);

    sender.run(memory, start, pages);
    sender.await();

    Set<Long> arrived = new HashSet<>();
    for (StoringSink sink : sinks) {
      assertThat(sink.addresses()).doesNotHaveDuplicates().isSorted().isNotEmpty();
      assertThat(sink.isFlushed()).isTrue();
      arrived.addAll(sink.addresses());
    }
    assertThat(arrived).hasSize((int) pages);
    for (long address : arrived) {
      assertThat(stored(address)).isEqualTo(memory.at(address));
    }
    assertThat(sender.counts().snapshot().content()).isEqualTo(pages);
    assertThat(sender.counts().snapshot().wireBytes())
        .isEqualTo(sentBytes.get())
        .isGreaterThan(pages * PageRun.PAGE_SIZE);
  }

  @Test
  void page_neverChangesItsLane_soTheLastContentWins() throws Exception {
    long pages = 2 * LANES * STRIPE / PageRun.PAGE_SIZE;
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 40; i++) {
        long address = BASE + random.nextInt((int) pages) * (long) PageRun.PAGE_SIZE;
        memory.with(address, SamplePages.any(random));
        sender.run(memory, address, 1);
      }
    }
    sender.await();

    Set<Long> before = new HashSet<>();
    for (StoringSink sink : sinks) {
      Set<Long> own = new HashSet<>(sink.addresses());
      assertThat(before).doesNotContainAnyElementsOf(own);
      before.addAll(own);
    }
    for (long address : before) {
      assertThat(stored(address)).isEqualTo(memory.at(address));
    }
  }

  @Test
  void pagesThatVanished_areLeftOut_andNoOthers() throws Exception {
    long pages = 1000;
    Set<Long> present = new HashSet<>();
    for (long i = 0; i < pages; i++) {
      long address = BASE + i * PageRun.PAGE_SIZE;
      if (i > 10 && i < pages - 3 && i % 7 != 0 && i / 100 != 4) {
        memory.with(address, SamplePages.noise(random));
        present.add(address);
      }
    }
    sender.run(memory, BASE, pages);
    // Neighbouring runs of one batch, of which the first is gone.
    long second = BASE + pages * PageRun.PAGE_SIZE + (1 << 20);
    sender.run(memory, second - 2 * PageRun.PAGE_SIZE, 1);
    memory.with(second, SamplePages.noise(random));
    present.add(second);
    sender.run(memory, second, 1);
    sender.await();

    assertThat(sinks.stream().flatMap(sink -> sink.addresses().stream()))
        .containsExactlyInAnyOrderElementsOf(present);
    for (long address : present) {
      assertThat(stored(address)).isEqualTo(memory.at(address));
    }
    assertThatThrownBy(() -> stored(BASE)).isInstanceOf(ImageFormatException.class);
  }

  @Test
  void nothingChanged_nothingIsSent() throws Exception {
    fill(BASE, 10);
    sender.run(memory, BASE, 10);
    sender.await();
    long batches = sinks.stream().mapToInt(StoringSink::batches).sum();
    sender.run(memory, BASE, 10);
    sender.await();

    assertThat(sinks.stream().mapToInt(StoringSink::batches).sum()).isEqualTo((int) batches);
    assertThat(sender.counts().snapshot().unchanged()).isEqualTo(10);
  }

  @Test
  void forget_isSaidOnlyOfWhatWasSent() throws Exception {
    fill(BASE, 4);
    memory.with(BASE + 4096, SamplePages.zeros());
    sender.run(memory, BASE, 3);
    sender.await();
    List<Integer> before = sinks.stream().map(StoringSink::batches).toList();

    sender.forget(memory, BASE + 3 * 4096, 5);
    sender.await();
    assertThat(sinks.stream().map(StoringSink::batches)).as("never sent").isEqualTo(before);

    sender.forget(memory, BASE - 4096, 3);
    sender.forget(memory, BASE - 4096, 3);
    sender.await();
    assertThat(sinks.stream().flatMap(sink -> sink.addresses().stream()))
        .containsExactly(BASE, BASE + 4096, BASE + 2 * 4096, BASE, BASE + 4096);
    for (int page = 0; page < 2; page++) {
      long address = BASE + page * 4096L;
      assertThatThrownBy(() -> stored(address)).isInstanceOf(ImageFormatException.class);
    }
    assertThat(stored(BASE + 2 * 4096)).isEqualTo(memory.at(BASE + 2 * 4096));
  }

  @Test
  void whatWasForgotten_isSentAgainAlthoughItIsTheSame() throws Exception {
    fill(BASE, 2);
    sender.run(memory, BASE, 2);
    sender.forget(memory, BASE, 2);
    sender.run(memory, BASE, 1);
    sender.await();
    assertThat(stored(BASE)).isEqualTo(memory.at(BASE));
    assertThatThrownBy(() -> stored(BASE + 4096)).isInstanceOf(ImageFormatException.class);
    assertThat(sender.counts().snapshot().unchanged()).isZero();
  }

  @Test
  void sameAsAForgottenPage_isNotSaid() throws Exception {
    byte[] content = SamplePages.noise(random);
    memory.with(BASE, content).with(BASE + 4096, content.clone());
    sender.run(memory, BASE, 1);
    sender.forget(memory, BASE, 1);
    sender.run(memory, BASE + 4096, 1);
    sender.await();
    assertThat(stored(BASE + 4096)).isEqualTo(content);
  }

  @Test
  void twoMemories_areNotMixed() throws Exception {
    FakeMemory other = new FakeMemory(0x901);
    fill(BASE, 4);
    for (int i = 0; i < 4; i++) {
      other.with(BASE + (long) i * PageRun.PAGE_SIZE, SamplePages.filled(i));
      sender.run(memory, BASE + (long) i * PageRun.PAGE_SIZE, 1);
      sender.run(other, BASE + (long) i * PageRun.PAGE_SIZE, 1);
    }
    sender.await();

    for (int i = 0; i < 4; i++) {
      long address = BASE + (long) i * PageRun.PAGE_SIZE;
      assertThat(stored(address)).isEqualTo(memory.at(address));
      ByteBuffer page = ByteBuffer.allocate(PageRun.PAGE_SIZE);
      store.pages().read(other.memory(), address, page);
      assertThat(page.array()).isEqualTo(other.at(address));
    }
  }

  @Test
  void failedLane_failsTheSender_once() throws Exception {
    sinks.forEach(sink -> sink.fail(gone));
    fill(BASE, 4 * STRIPE / PageRun.PAGE_SIZE);
    assertThatThrownBy(
            () -> {
              sender.run(memory, BASE, 4 * STRIPE / PageRun.PAGE_SIZE);
              sender.await();
            })
        .isSameAs(gone);
    assertThat(sender.failure()).isSameAs(gone);
    assertThat(failures).hasValue(1);
    // What comes after is told the same, and waits for nobody.
    assertThatThrownBy(sender::await).isSameAs(gone);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                sender.run(memory, BASE, 4 * STRIPE / PageRun.PAGE_SIZE);
              }
            })
        .isSameAs(gone);
  }

  @Test
  void memoryThatCannotBeRead_isAnError() throws Exception {
    memory.becomeUnreadable();
    sender.run(memory, BASE, 1);
    assertThatThrownBy(sender::await)
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("cannot read the memory of process 7");
  }

  @Test
  void mistakeOfOurs_endsInATypedErrorToo() throws Exception {
    memory.becomeBroken();
    sender.run(memory, BASE, 1);
    assertThatThrownBy(sender::await)
        .asInstanceOf(type(PodkitException.class))
        .extracting(PodkitException::kind)
        .isEqualTo(ErrorKind.INTERNAL);
  }

  @Test
  void close_freesALaneThatWaits() throws Exception {
    sinks.forEach(StoringSink::getStuck);
    fill(BASE, 1);
    sender.run(memory, BASE, 1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(sender::await)
        .asInstanceOf(type(PodkitException.class))
        .extracting(PodkitException::kind)
        .isEqualTo(ErrorKind.CANCELLED);
    assertThat(Thread.interrupted()).isTrue();
    sender.close();
    sender.close();
  }
}
