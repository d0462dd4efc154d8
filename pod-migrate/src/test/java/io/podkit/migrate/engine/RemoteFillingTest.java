package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.memory.fill.Filler;
import io.podkit.migrate.memory.store.PageStore;
import io.podkit.migrate.memory.store.WaitingPod;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentServer;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.migrate.transport.RateLimiter;
import io.podkit.migrate.transport.TwoHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory of this process, fetched over real connections for a real filler that fills nothing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RemoteFillingTest {
  private static final Path POD_INIT = Path.of("../native/target/pod-init").toAbsolutePath();
  private static final int PAGES = 1000;

  @TempDir Path directory;
  @TempDir Path keys;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch complete = new CountDownLatch(1);
  private final RemoteFilling.Ending ending =
      new RemoteFilling.Ending() {
        @Override
        public void complete() {
          heard.add("complete");
          complete.countDown();
        }

        @Override
        public void failed(PodkitException reason) {
          heard.add("failed");
        }
      };
  private KnownMemory memory;
  private Filler filler;

  @BeforeEach
  void restore() throws Exception {
    memory = KnownMemory.find();
    new WaitingPod(directory).task(7, memory.run(0, PAGES)).begin();
    filler = Filler.start(POD_INIT, directory, directory);
    filler.load();
  }

  @AfterEach
  void close() throws Exception {
    filler.abandon();
    assertThatThrownBy(() -> filler.awaitDone(Duration.ofSeconds(20)))
        .hasMessageContaining("has ended");
    filler.close();
  }

  private void fetch(List<DataChannel> channels) throws PodkitException {
    try (RemoteFilling filling = RemoteFilling.begin(directory, filler, channels, ending)) {
      for (DataChannel channel : channels) {
        new Thread(() -> receive(channel, filling)).start();
      }
      assertThat(filling.isComplete()).isFalse();
      filling.fetchTheRest();
      awaitComplete();
      assertThat(filling.isComplete()).isTrue();
      assertThat(stored()).isEqualTo(memory.content(0, PAGES));
      assertThat(heard).containsExactly("complete");
    } catch (IOException e) {
      throw PodkitException.io("cannot compare", e);
    }
  }

  private static void receive(DataChannel channel, RemoteFilling to) {
    try {
      while (channel.receive(Duration.ofSeconds(30)).message() instanceof Bulk.PageBatch batch) {
        to.take(channel, batch);
      }
    } catch (PodkitException e) {
      // the test is over
    }
  }

  private void awaitComplete() throws PodkitException {
    try {
      assertThat(complete.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted");
    }
  }

  /** Zero pages are holes. */
  private byte[] stored() throws IOException {
    byte[] all = Files.readAllBytes(directory.resolve(PageStore.FILE));
    return Arrays.copyOf(all, PAGES * 4096);
  }

  private void lend(int channels, BorrowingHost.Borrowing borrowing) throws Exception {
    BorrowingHost target = new BorrowingHost();
    target.states.add(MigrationState.FILLING);
    target.borrowings.add(borrowing);
    TwoHosts hosts = TwoHosts.in(keys);
    try (AgentServer server = hosts.serveAsB(target);
        Lending lending =
            new Lending(
                hosts.clientA(),
                TwoHosts.addressOf(server),
                MigrationId.random(),
                new Lending.Borrower("web", channels, Compression.LZ4, RateLimiter.unlimited()),
                memory.processes(),
                sent -> {})) {
      assertThat(lending.untilFilled(null)).isEqualTo(BorrowingHost.FILLED);
    }
  }

  @Test
  void everyPage_comes_andThatIsSaidOnce() throws Exception {
    lend(3, this::fetch);
  }

  @Test
  void oneChannel_isForEverything() throws Exception {
    lend(1, this::fetch);
  }

  @Test
  void podThatLacksNothing_isCompleteWhenItRuns(@TempDir Path empty) throws Exception {
    new WaitingPod(empty).task(7).begin();
    lend(
        2,
        channels -> {
          try (RemoteFilling filling = RemoteFilling.begin(empty, filler, channels, ending)) {
            assertThat(filling.isComplete()).isFalse();
            filling.fetchTheRest();
            assertThat(filling.isComplete()).isTrue();
            filling.fetchTheRest();
            assertThat(heard).containsExactly("complete");
          }
        });
  }

  @Test
  void lostLink_isToldToWhoeverWaits() throws Exception {
    PodkitException lost = PodkitException.peer("the link is lost", null);
    try (RemoteFilling filling = RemoteFilling.begin(directory, filler, List.of(), ending)) {
      filling.hangUp(lost);
      assertThatThrownBy(() -> filling.await()).isSameAs(lost);
      assertThat(filling.isComplete()).isFalse();
      assertThat(heard).isEmpty();
    }
  }
}
