package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.memory.transfer.PageCounts;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentServer;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.migrate.transport.RateLimiter;
import io.podkit.migrate.transport.TwoHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory of this process, given to another host over real connections. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LendingTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int CHANNELS = 3;

  @TempDir Path directory;
  private final BorrowingHost target = new BorrowingHost();
  private KnownMemory memory;
  private AgentServer server;
  private Lending lending;

  @BeforeEach
  void open() throws Exception {
    memory = KnownMemory.find();
    TwoHosts hosts = TwoHosts.in(directory);
    server = hosts.serveAsB(target);
    lending =
        new Lending(
            hosts.clientA(),
            TwoHosts.addressOf(server),
            MigrationId.random(),
            new Lending.Borrower("web", CHANNELS, Compression.LZ4, RateLimiter.unlimited()),
            memory.processes(),
            sent -> {});
  }

  @AfterEach
  void close() throws Exception {
    lending.close();
    server.close();
  }

  @Test
  void pages_comeOnTheChannelTheyWereAskedForOn() throws Exception {
    target.states.add(MigrationState.FILLING);
    List<byte[]> got = new CopyOnWriteArrayList<>();
    target.borrowings.add(
        channels -> {
          assertThat(channels).extracting(DataChannel::index).containsExactly(0, 1, 2);
          channels.get(1).want(memory.wanted(0, 256));
          channels.get(1).want(memory.wanted(256, 200));
          channels.get(2).want(memory.wanted(3, 2));
          channels.get(0).want(memory.wanted(7, 1));
          for (int channel : new int[] {0, 1, 1, 2}) {
            got.add(BorrowingHost.receive(channels.get(channel)));
          }
        });

    assertThat(lending.untilFilled(null)).isEqualTo(BorrowingHost.FILLED);
    assertThat(got.get(0)).isEqualTo(memory.content(7, 1));
    assertThat(got.get(1)).isEqualTo(memory.content(0, 256));
    assertThat(got.get(2)).isEqualTo(memory.content(256, 200));
    assertThat(got.get(3)).isEqualTo(memory.content(3, 2));
    PageCounts.Snapshot counts = lending.counts().snapshot();
    assertThat(counts.content() + counts.zero()).isEqualTo(459);
  }

  @Test
  void targetThatHasAllOfIt_isAskedForNoMore() throws Exception {
    target.states.add(MigrationState.RUNNING);
    assertThat(lending.untilFilled(null)).isNull();
    assertThat(target.heard).containsExactly("STATUS_QUERY");
  }

  @ParameterizedTest
  @EnumSource(names = {"ABORTED", "UNKNOWN", "HELD"})
  void targetThatHasLostThePod_leavesItInDoubt(MigrationState state) {
    target.states.add(state);
    assertThatThrownBy(() -> lending.untilFilled(null))
        .asInstanceOf(type(PodkitException.class))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.IN_DOUBT))
        .satisfies(e -> assertThat(e.what()).contains("now says", state.name()));
    assertThat(target.heard).doesNotContain("RESUME");
  }

  @Test
  void brokenLink_isFollowedByAnother() throws Exception {
    target.states.add(MigrationState.FILLING);
    List<byte[]> got = new CopyOnWriteArrayList<>();
    target.borrowings.add(
        channels -> {
          channels.get(0).want(memory.wanted(0, 1));
          got.add(BorrowingHost.receive(channels.get(0)));
          throw PodkitException.internal("the agent dies", null);
        });
    target.borrowings.add(
        channels -> {
          channels.get(1).want(memory.wanted(1, 1));
          got.add(BorrowingHost.receive(channels.get(1)));
        });

    assertThat(lending.untilFilled(null)).isEqualTo(BorrowingHost.FILLED);
    assertThat(got.get(0)).isEqualTo(memory.content(0, 1));
    assertThat(got.get(1)).isEqualTo(memory.content(1, 1));
    assertThat(target.heard)
        .filteredOn(one -> !one.equals("STATUS_QUERY"))
        .containsExactly("RESUME", "AWAIT_FILLED", "RESUME", "AWAIT_FILLED");
  }

  @Test
  void linkThatBreaksBehindTheLastPage_isAllRight() throws Exception {
    target.states.addAll(List.of(MigrationState.FILLING, MigrationState.RUNNING));
    target.borrowings.add(
        channels -> {
          throw PodkitException.internal("the agent dies", null);
        });
    assertThat(lending.untilFilled(null)).isNull();
  }

  @Test
  void memoryThatThePodDoesNotHave_endsTheConnection() throws Exception {
    assertOffends(
        channel -> channel.want(new Bulk.PagesWanted(KnownMemory.MEMORY + 0x100, 0x10000, 1)),
        "the target asks for memory that the pod does not have");
  }

  @Test
  void pagesThatAreNotThere_endTheConnection() throws Exception {
    assertOffends(
        channel -> channel.want(new Bulk.PagesWanted(KnownMemory.MEMORY, 0, 1)), "cannot read");
    assertOffends(
        channel -> channel.want(new Bulk.PagesWanted(KnownMemory.MEMORY, 1, 1)),
        "the target asks for what are no pages");
  }

  @Test
  void whatIsNoRequestForPages_endsTheConnection() throws Exception {
    assertOffends(channel -> channel.ask(new Bulk.Sync(), SOON), "SYNC");
  }

  /** What a target may do wrong on a channel. */
  @FunctionalInterface
  private interface Offence {
    void commit(DataChannel channel) throws PodkitException;
  }

  private void assertOffends(Offence offence, String told) throws Exception {
    target.states.clear();
    target.states.addAll(List.of(MigrationState.FILLING, MigrationState.RUNNING));
    List<String> heard = new CopyOnWriteArrayList<>();
    target.borrowings.add(
        channels -> {
          try {
            offence.commit(channels.get(1));
            channels.get(1).receive(SOON);
          } catch (PodkitException e) {
            heard.add(e.what());
            throw e;
          }
        });
    assertThat(lending.untilFilled(null)).isNull();
    assertThat(heard).hasSize(1).first().asString().contains(told);
  }
}
