package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.LayerNeed;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentServer;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.RateLimiter;
import io.podkit.migrate.transport.TwoHosts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source reads of a target, over real connections. */
class TargetConversationTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path directory;

  /** Its clean-up cuts the data channels; that is no reason that anybody wants to read. */
  @Test
  void restore_tellsWhyItFailedAndNotWhatBrokeBecauseOfIt() throws Exception {
    Journal journal =
        new Journal(
            directory.resolve("migrations"),
            JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build());
    ReceivingHost host =
        new ReceivingHost(directory, PodkitException.internal("the roof fell in", null));
    Clock clock = Clock.systemUTC();
    TargetConversation target =
        new TargetConversation(
            host, journal, new TargetRecovery(host, journal, clock), new QuietHost(), clock);
    TwoHosts hosts = TwoHosts.in(directory);
    MigrationId id = MigrationId.random();
    try (AgentServer server = hosts.serveAsB(target);
        ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
      Control.Prepared prepared =
          control.ask(new Control.Prepare(id, "{}", 2, false, List.of()), SOON);
      try (SourceLink link =
          SourceLink.open(
              hosts.clientA(),
              TwoHosts.addressOf(server),
              control,
              id,
              prepared,
              RateLimiter.unlimited())) {
        assertThatThrownBy(() -> link.control().ask(new Control.Restore(false), SOON))
            .isInstanceOf(PodkitException.class)
            .hasMessageContaining("the roof fell in");
      }
    }
    assertThat(host.erased.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(journal.find(id.hex()).orElseThrow().state()).isEqualTo(MigrationState.ABORTED);
  }

  private static final LayerDigest FOREIGN = new LayerDigest("ef".repeat(32));

  /** Nothing is reserved before, so that the answer would be true for a moment only. */
  @Test
  void layerQuery_isOutOfTurnBeforePrepare() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    try (AgentServer server = hosts.serveAsB(conversation());
        ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
      Control.LayerQuery query = new Control.LayerQuery(List.of(new LayerNeed(FOREIGN, 1)));
      assertThatThrownBy(() -> control.ask(query, SOON)).hasMessageContaining("out of turn");
    }
  }

  @Test
  void layerOfAnotherPod_isNotTaken() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    MigrationId id = MigrationId.random();
    try (AgentServer server = hosts.serveAsB(conversation())) {
      try (ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
        offerForeignLayer(hosts, server, control, id);
      }
      awaitEnd(id);
    }
  }

  private static void offerForeignLayer(
      TwoHosts hosts, AgentServer server, ControlChannel control, MigrationId id) throws Exception {
    Control.Prepared prepared =
        control.ask(new Control.Prepare(id, "{}", 1, false, List.of()), SOON);
    try (SourceLink link =
        SourceLink.open(
            hosts.clientA(),
            TwoHosts.addressOf(server),
            control,
            id,
            prepared,
            RateLimiter.unlimited())) {
      assertThatThrownBy(() -> link.files().ask(new Bulk.LayerOffer(FOREIGN, 1), SOON))
          .hasMessageContaining("on which the pod does not stand");
    }
  }

  /** Its last word on a migration is also the last that it writes into the directory. */
  private void awaitEnd(MigrationId id) throws Exception {
    long end = System.nanoTime() + SOON.toNanos();
    while (journal()
        .find(id.hex())
        .filter(entry -> entry.state() == MigrationState.ABORTED)
        .isEmpty()) {
      assertThat(System.nanoTime()).as("it never ended").isLessThan(end);
      Thread.sleep(10);
    }
  }

  private Journal journal() {
    return new Journal(
        directory.resolve("migrations"),
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build());
  }

  private TargetConversation conversation() throws Exception {
    Journal journal = journal();
    ReceivingHost host =
        new ReceivingHost(directory, PodkitException.internal("nobody restores", null));
    Clock clock = Clock.systemUTC();
    return new TargetConversation(
        host, journal, new TargetRecovery(host, journal, clock), new QuietHost(), clock);
  }
}
