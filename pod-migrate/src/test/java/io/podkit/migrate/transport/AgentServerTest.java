package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.ProtocolVersion;
import io.podkit.migrate.protocol.Session;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AgentServerTest {

  /** For callers that waste time; the others have had their first handshake before. */
  private static final Timeouts STRICT =
      TwoHosts.timeouts(Duration.ofSeconds(3), Duration.ofSeconds(30));

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void callerThatSaysNothing_isThrownOutAndKeepsNobodyOut() throws Exception {
    try (Doors doors = new Doors(directory, STRICT, ServerLimits.STANDARD);
        Socket loris = connect(doors)) {
      try (ControlChannel control = doors.call()) {
        assertThat(control.isEnded()).isFalse();
      }
      loris.setSoTimeout(30_000);
      assertThat(loris.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void callerThatTricklesBytes_isThrownOutInTheSameTime() throws Exception {
    try (Doors doors = new Doors(directory, STRICT, ServerLimits.STANDARD);
        Socket loris = connect(doors)) {
      // The header of a TLS record that promises 16 KiB, and then a byte now and then.
      loris.getOutputStream().write(new byte[] {22, 3, 1, 0x40, 0});
      Deadline end = Deadline.after(Duration.ofSeconds(30));
      assertThatThrownBy(
              () -> {
                while (!end.hasPassed()) {
                  loris.getOutputStream().write(1);
                  Thread.sleep(50);
                }
              })
          .isInstanceOf(IOException.class); // reset: the server has closed it
      Doors.await(() -> doors.server.connections() == 0);
    }
  }

  @Test
  void callerThatShakesHandsAndThenSaysNothing_isThrownOut() throws Exception {
    try (Doors doors = new Doors(directory, STRICT, ServerLimits.STANDARD);
        RawPeer loris =
            RawPeer.call(doors.server.address(), doors.hosts.a, ProtocolVersion.CURRENT)) {
      assertThatThrownBy(loris::hear).isInstanceOf(PeerLostException.class);
      Doors.await(() -> doors.server.connections() == 0);
    }
  }

  @Test
  void handshakes_areLimitedForEachAddress() throws Exception {
    ServerLimits limits = new ServerLimits(100, 8, 3);
    try (Doors doors = new Doors(directory, TwoHosts.PATIENT, limits)) {
      List<Socket> lorises = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        lorises.add(connect(doors));
      }
      Doors.await(() -> doors.server.connections() == 3);
      try (Socket fourth = connect(doors)) {
        fourth.setSoTimeout(10_000); // turned away at once, not when its time is over
        assertThat(fourth.getInputStream().read()).isEqualTo(-1);
      }
      for (Socket loris : lorises) {
        loris.close();
      }
      Doors.await(() -> doors.server.connections() == 0);
      try (ControlChannel control = doors.call()) {
        assertThat(control.isEnded()).isFalse();
      }
    }
  }

  @Test
  void connections_areLimited() throws Exception {
    try (Doors doors = new Doors(directory, TwoHosts.PATIENT, new ServerLimits(2, 8, 8))) {
      ControlChannel first = doors.call();
      ControlChannel second = doors.call();
      assertThatThrownBy(doors::call).isInstanceOf(PodkitException.class);
      first.close();
      second.close();
    }
  }

  @Test
  void firstMessage_mustOpenSomething() throws Exception {
    try (Doors doors = new Doors(directory);
        RawPeer peer =
            RawPeer.call(doors.server.address(), doors.hosts.a, ProtocolVersion.CURRENT)) {
      peer.say(1, new Control.Grant());
      assertThat(peer.failure()).isEqualTo("hosta began with GRANT");
    }
  }

  @Test
  void greeting_mustHaveTheNameOfTheCertificate() throws Exception {
    try (Doors doors = new Doors(directory);
        RawPeer peer =
            RawPeer.call(doors.server.address(), doors.hosts.a, ProtocolVersion.CURRENT)) {
      peer.say(1, new Session.Hello("hostz", "0", Set.of()));
      assertThat(peer.failure()).contains("calls itself 'hostz'");
    }
  }

  @Test
  void garbageInsteadOfTheFirstFrame_isAnsweredOnce() throws Exception {
    try (Doors doors = new Doors(directory);
        RawPeer peer =
            RawPeer.call(doors.server.address(), doors.hosts.a, ProtocolVersion.CURRENT)) {
      peer.say(ByteBuffer.allocate(4096).putInt(-1).array());
      assertThat(peer.failure()).contains("frame of unknown type 0x0");
    }
  }

  @Test
  void failureOfAHandler_isToldToThePeer() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    PeerHandler failing =
        (control, gates) -> {
          throw PodkitException.conflict("pod web is here already");
        };
    try (AgentServer server = hosts.serveAsB(failing);
        ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
      assertThatThrownBy(() -> control.ask(new Control.Restore(false), SOON))
          .isInstanceOf(PeerFailureException.class)
          .hasMessage("hostb: pod web is here already");
    }
  }

  @Test
  void bugInAHandler_isToldAsSuch_andTheServerServesOn() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    PeerHandler broken =
        (control, gates) -> {
          throw new IllegalStateException("a bug");
        };
    try (AgentServer server = hosts.serveAsB(broken)) {
      for (int i = 0; i < 3; i++) {
        try (ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
          assertThatThrownBy(() -> control.ask(new Control.Restore(false), SOON))
              .isInstanceOf(PeerFailureException.class)
              .hasMessageContaining("its log says why");
        }
      }
    }
  }

  @Test
  void stop_letsAConversationEndInItsGrace() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    CountDownLatch entered = new CountDownLatch(1);
    PeerHandler handler =
        (control, gates) -> {
          entered.countDown();
          control.answer(control.receive(SOON), new Control.Aborted());
        };
    AgentServer server = hosts.serveAsB(handler);
    try (ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
      AtomicReference<Boolean> ended = new AtomicReference<>();
      Thread stopping = new Thread(() -> ended.set(stop(server, Duration.ofSeconds(20))));
      stopping.start();
      assertThat(control.ask(new Control.Abort("x"), SOON)).isEqualTo(new Control.Aborted());
      stopping.join();
      assertThat(ended).hasValue(true);
    }
    server.join();
  }

  @Test
  void stop_cutsAConversationThatDoesNotEnd() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    CountDownLatch entered = new CountDownLatch(1);
    AtomicReference<PodkitException> seen = new AtomicReference<>();
    PeerHandler handler =
        (control, gates) -> {
          entered.countDown();
          try {
            control.receive(Duration.ofMinutes(1));
          } catch (PodkitException e) {
            seen.set(e);
            throw e;
          }
        };
    AgentServer server = hosts.serveAsB(handler);
    try (ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(stop(server, Duration.ofMillis(100))).isTrue();
      assertThat(seen.get()).isInstanceOf(PeerLostException.class);
      assertThatThrownBy(() -> control.receive(SOON)).isInstanceOf(PeerLostException.class);
      assertThatThrownBy(() -> hosts.clientA().connect(TwoHosts.addressOf(server)))
          .hasMessageContaining("nothing listens there");
    }
  }

  @Test
  void oneHost_mayOpenManyChannelsAtOnce() throws Exception {
    try (Doors doors = new Doors(directory);
        ControlChannel source = doors.call()) {
      Doors.Visit visit = doors.visit();
      MigrationId id = MigrationId.random();
      try (ChannelGate gate = visit.gates().open(id, visit.control(), 8)) {
        for (int i = 0; i < 8; i++) {
          DataChannel out =
              doors
                  .hosts
                  .clientA()
                  .openData(
                      source,
                      TwoHosts.addressOf(doors.server),
                      id,
                      gate.token(),
                      i,
                      RateLimiter.unlimited());
          out.send(new Bulk.MemoryClose(i));
          out.flush();
          assertThat(gate.accept(SOON).receive(SOON).message()).isEqualTo(new Bulk.MemoryClose(i));
        }
      }
      source.close();
      Doors.await(() -> doors.server.connections() == 0);
    }
  }

  private static boolean stop(AgentServer server, Duration grace) {
    try {
      return server.stop(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Socket connect(Doors doors) throws IOException {
    return new Socket(doors.server.address().getAddress(), doors.server.address().getPort());
  }
}
