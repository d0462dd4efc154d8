package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.ChannelToken;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.ProtocolVersion;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which data connections come in. */
class ChannelGateTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration SHORTLY = Duration.ofMillis(100);

  @TempDir Path directory;
  private final MigrationId migration = MigrationId.random();
  private Doors doors;
  private ControlChannel source;
  private ControlChannel target;
  private ChannelGates gates;
  private ChannelGate gate;

  @BeforeEach
  void open() throws Exception {
    doors = new Doors(directory);
    source = doors.call();
    Doors.Visit visit = doors.visit();
    target = visit.control();
    gates = visit.gates();
    gate = gates.open(migration, target, 2);
  }

  @AfterEach
  void close() {
    gate.close();
    source.close();
    doors.close();
  }

  @Test
  void channels_comeInAnyOrderAndCarryTheirIndex() throws Exception {
    try (DataChannel second = openChannel(1);
        DataChannel first = openChannel(0)) {
      assertThat(gate.accept(SOON).index()).isEqualTo(1);
      assertThat(gate.accept(SOON).index()).isEqualTo(0);
      assertThat(first.peer()).isEqualTo(second.peer());
    }
  }

  @Test
  void stranger_cannotOpenAChannel() throws Exception {
    assertRefused(() -> openChannel(migration, ChannelToken.random(), 0));
    assertRefused(() -> openChannel(MigrationId.random(), gate.token(), 0));
    assertRefused(() -> openChannel(migration, gate.token(), 2));
    openChannel(0);
    assertRefused(() -> openChannel(0)); // taken
    gate.close();
    assertRefused(() -> openChannel(1));
  }

  @Test
  void anotherHost_cannotUseTheTokenOfTheFirst() throws Exception {
    try (RawPeer other =
        RawPeer.call(doors.server.address(), doors.hosts.b, ProtocolVersion.CURRENT)) {
      other.say(1, new Bulk.ChannelOpen(migration, gate.token(), 0));
      assertThat(other.failure()).contains("no migration waits");
    }
  }

  @Test
  void secondGate_ofTheSameMigration() {
    assertThatThrownBy(() -> gates.open(migration, target, 1))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT));
  }

  @Test
  void gate_givesUpWhenNobodyComes() {
    assertThatThrownBy(() -> gate.accept(SHORTLY))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TIMEOUT));
  }

  private DataChannel openChannel(int index) throws PodkitException {
    return openChannel(migration, gate.token(), index);
  }

  private DataChannel openChannel(MigrationId id, ChannelToken token, int index)
      throws PodkitException {
    return doors
        .hosts
        .clientA()
        .openData(
            source, TwoHosts.addressOf(doors.server), id, token, index, RateLimiter.unlimited());
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PeerFailureException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.REFUSED);
              assertThat(e.what()).isEqualTo("hostb: no migration waits for this data connection");
            });
  }
}
