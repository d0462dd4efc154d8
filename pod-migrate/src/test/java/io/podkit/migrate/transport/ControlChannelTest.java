package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.protocol.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlChannelTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration SHORTLY = Duration.ofMillis(50);

  @TempDir Path directory;
  private Doors doors;

  @BeforeEach
  void open() throws PodkitException {
    doors = new Doors(directory);
  }

  @AfterEach
  void close() {
    doors.close();
  }

  @Test
  void bothSidesMayAsk_atTheSameTime() throws Exception {
    try (ControlChannel source = doors.call()) {
      ControlChannel target = doors.visit().control();
      CompletableFuture<Message> abort = Asking.ask(source, new Control.Abort("x"));
      CompletableFuture<Message> status =
          Asking.ask(target, new Control.StatusQuery(MigrationId.random()));

      Asked asked = source.receive(SOON);
      source.answer(asked, new Control.Status(MigrationState.HELD));
      target.answer(target.receive(SOON), new Control.Aborted());

      assertThat(abort.get(30, TimeUnit.SECONDS)).isEqualTo(new Control.Aborted());
      assertThat(status.get(30, TimeUnit.SECONDS))
          .isEqualTo(new Control.Status(MigrationState.HELD));
    }
  }

  @Test
  void refusal_reachesWhoAskedAndTheConversationGoesOn() throws Exception {
    try (ControlChannel source = doors.call()) {
      ControlChannel target = doors.visit().control();
      CompletableFuture<Message> restore = Asking.ask(source, new Control.Restore(false));
      target.refuse(
          target.receive(SOON),
          PodkitException.of(ErrorKind.CRIU, "cannot restore", new Hint("look there")));

      assertThatThrownBy(() -> restore.get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              PeerFailureException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(ErrorKind.CRIU);
                assertThat(e.what()).isEqualTo("hostb: cannot restore");
                assertThat(e.hint()).isEqualTo(new Hint("look there"));
              });

      CompletableFuture<Message> abort = Asking.ask(source, new Control.Abort("x"));
      target.answer(target.receive(SOON), new Control.Aborted());
      assertThat(abort.get(30, TimeUnit.SECONDS)).isEqualTo(new Control.Aborted());
    }
  }

  @Test
  void lateAnswer_isDropped() throws Exception {
    try (ControlChannel source = doors.call()) {
      ControlChannel target = doors.visit().control();
      assertThatThrownBy(() -> source.ask(new Control.Restore(false), SHORTLY))
          .isInstanceOfSatisfying(
              PodkitException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(ErrorKind.TIMEOUT);
                assertThat(e.what()).isEqualTo("hostb did not answer RESTORE within 50 ms");
              });
      target.refuse(target.receive(SOON), PodkitException.refused("too late"));

      CompletableFuture<Message> abort = Asking.ask(source, new Control.Abort("x"));
      target.answer(target.receive(SOON), new Control.Aborted());
      assertThat(abort.get(30, TimeUnit.SECONDS)).isEqualTo(new Control.Aborted());
    }
  }

  @Test
  void interrupt_cancelsTheWaitAndLeavesTheChannelUsable() throws Exception {
    try (ControlChannel source = doors.call()) {
      ControlChannel target = doors.visit().control();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> source.ask(new Control.Restore(false), SOON))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> source.receive(SOON))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();

      assertThat(target.receive(SOON).message()).isEqualTo(new Control.Restore(false));
      CompletableFuture<Message> abort = Asking.ask(source, new Control.Abort("ctrl-c"));
      target.answer(target.receive(SOON), new Control.Aborted());
      assertThat(abort.get(30, TimeUnit.SECONDS)).isEqualTo(new Control.Aborted());
    }
  }

  @Test
  void pings_keepAnIdleConversationAlive() throws Exception {
    // The client's pings; the server's are the same code.
    Timeouts strict = TwoHosts.timeouts(SOON, Duration.ofSeconds(3));
    try (Doors strictDoors = new Doors(directory.resolve("s"), strict, ServerLimits.STANDARD);
        ControlChannel source = strictDoors.call()) {
      ControlChannel target = strictDoors.visit().control();
      Thread.sleep(strict.silence().multipliedBy(3).dividedBy(2).toMillis());
      assertThat(source.isEnded()).isFalse();
      assertThat(target.isEnded()).isFalse();
    }
  }

  @Test
  void peerThatFallsSilent_isGivenUpWhileNobodyListens() throws Exception {
    Timeouts strict = TwoHosts.timeouts(SOON, Duration.ofSeconds(2));
    try (Doors strictDoors = new Doors(directory.resolve("s"), strict, ServerLimits.STANDARD);
        RawPeer silent = strictDoors.callRaw()) {
      ControlChannel target = strictDoors.visit().control();
      CountDownLatch noticed = new CountDownLatch(1);
      target.onEnd(noticed::countDown);

      assertThat(noticed.await(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> target.receive(SOON))
          .isInstanceOfSatisfying(
              PeerLostException.class,
              e -> {
                assertThat(e.orderly()).isFalse();
                assertThat(e.what()).isEqualTo("hosta has been silent for 2 s");
              });
      assertThat(silent).isNotNull();
    }
  }

  @Test
  void peerThatIsCutOff_endsEveryWait() throws Exception {
    RawPeer peer = doors.callRaw();
    ControlChannel target = doors.visit().control();
    CompletableFuture<Message> asking = Asking.ask(target, new Control.Abort("x"));
    peer.close();

    assertThatThrownBy(() -> asking.get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            PeerLostException.class,
            e -> {
              assertThat(e.orderly()).isFalse();
              assertThat(e.what()).contains("the connection to hosta");
            });
    assertThatThrownBy(() -> target.receive(SOON)).isInstanceOf(PeerLostException.class);
    assertThatThrownBy(() -> target.ask(new Control.Restore(false), SOON))
        .isInstanceOf(PeerLostException.class);
  }

  @Test
  void orderlyEnd_isTold_andWhatWasSaidBeforeArrives() throws Exception {
    ControlChannel source = doors.call();
    ControlChannel target = doors.visit().control();
    CompletableFuture<Message> asking = Asking.ask(source, new Control.Abort("x"));
    Asked last = target.receive(SOON);
    source.close();

    assertThatThrownBy(() -> asking.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(PeerLostException.class);
    assertThat(last.message()).isEqualTo(new Control.Abort("x"));
    assertThatThrownBy(() -> target.receive(SOON))
        .isInstanceOfSatisfying(PeerLostException.class, e -> assertThat(e.orderly()).isTrue());
  }

  @Test
  void failure_tellsThePeerWhy() throws Exception {
    try (ControlChannel source = doors.call()) {
      ControlChannel target = doors.visit().control();
      CompletableFuture<Message> asking = Asking.ask(source, new Control.Restore(false));
      target.receive(SOON);
      target.fail(PodkitException.refused("going down"));

      assertThatThrownBy(() -> asking.get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(PeerFailureException.class)
          .hasMessage("hostb: going down");
      assertThatThrownBy(() -> source.ask(new Control.Grant(), SOON))
          .isInstanceOf(PeerFailureException.class);
    }
  }

  @Test
  void onEnd_runsOnceAlsoWhenItIsTooLate() throws Exception {
    ControlChannel source = doors.call();
    CountDownLatch early = new CountDownLatch(1);
    source.onEnd(early::countDown);
    source.close();
    assertThat(early.await(30, TimeUnit.SECONDS)).isTrue();

    CountDownLatch late = new CountDownLatch(1);
    source.onEnd(late::countDown);
    assertThat(late.getCount()).isZero();
  }

  @Test
  void answering_withSomethingThatIsNoAnswer_isABugOfOurs() throws Exception {
    try (RawPeer peer = doors.callRaw()) {
      ControlChannel target = doors.visit().control();
      peer.say(1, new Control.Grant());
      Asked asked = target.receive(SOON);

      assertThatThrownBy(() -> target.answer(asked, new Session.Ping()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
