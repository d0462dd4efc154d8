package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.ProtocolVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a caller finds what it looks for, and what it is told where not. */
class OpeningTest {

  @TempDir Path directory;

  private final AtomicInteger conversations = new AtomicInteger();
  private TwoHosts hosts;

  @BeforeEach
  void issueCertificates() throws PodkitException {
    hosts = TwoHosts.in(directory);
  }

  private AgentServer serve() throws PodkitException {
    return hosts.serveAsB(
        (control, gates) -> {
          conversations.incrementAndGet();
          control.receive(Duration.ofSeconds(30));
        });
  }

  @Test
  void bothSidesLearnEachOthersNames() throws Exception {
    PeerHandler handler =
        (control, gates) -> {
          assertThat(control.peer().name().host().value()).isEqualTo("hosta");
          assertThat(control.capabilities()).containsExactly("test");
          conversations.incrementAndGet();
        };
    try (AgentServer server = hosts.serveAsB(handler);
        ControlChannel control = hosts.clientA().connect(TwoHosts.addressOf(server))) {
      assertThat(control.peer().toString()).isEqualTo("hostb");
      assertThatThrownBy(() -> control.receive(Duration.ofSeconds(30)))
          .isInstanceOfSatisfying(PeerLostException.class, e -> assertThat(e.orderly()).isTrue());
      assertThat(conversations).hasValue(1);
    }
  }

  @Test
  void anotherVersion_isNamedTogetherWithOurs() throws Exception {
    try (AgentServer server = serve()) {
      AgentClient newer =
          new AgentClient(hosts.a, TwoHosts.GREETING, TwoHosts.PATIENT, new ProtocolVersion(9, 1));
      assertFails(
          "this host speaks protocol version 9.1, the peer version " + ProtocolVersion.CURRENT,
          "the peer is older",
          () -> newer.connect(TwoHosts.addressOf(server)));
      assertNobodyCameIn();
    }
  }

  @Test
  void nothingListens() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertFails(
        "cannot connect to 127.0.0.1:" + port + ": nothing listens there",
        "start 'pod agent' on 127.0.0.1",
        () -> hosts.clientA().connect(new AgentAddress("127.0.0.1", port, null)));
  }

  @Test
  void unknownHost() {
    assertFails(
        "no host of that name is known",
        "/etc/hosts",
        () -> hosts.clientA().connect(new AgentAddress("no-such-host.invalid", 1, null)));
  }

  @Test
  void somethingElseListens() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering =
          new Thread(
              () -> {
                try (Socket socket = other.accept()) {
                  socket
                      .getOutputStream()
                      .write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII));
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      answering.start();
      assertFails(
          "no TLS 1.3",
          "check the port",
          () -> hosts.clientA().connect(new AgentAddress("127.0.0.1", other.getLocalPort(), null)));
      answering.join();
    }
  }

  @Test
  void somethingListensAndSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertFails(
          "no answer in time",
          "firewalls",
          () ->
              new AgentClient(
                      hosts.a,
                      TwoHosts.GREETING,
                      TwoHosts.timeouts(Duration.ofSeconds(1), Duration.ofSeconds(30)))
                  .connect(new AgentAddress("127.0.0.1", silent.getLocalPort(), null)));
    }
  }

  @Test
  void listening_whereSomethingListens() throws Exception {
    try (AgentServer server = serve()) {
      assertThatThrownBy(
              () ->
                  AgentServer.start(
                      server.address(),
                      hosts.b,
                      TwoHosts.GREETING,
                      (control, gates) -> {},
                      TwoHosts.PATIENT,
                      ServerLimits.STANDARD))
          .isInstanceOfSatisfying(
              PodkitException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT);
                assertThat(String.valueOf(e.hint())).contains("--listen");
              });
    }
  }

  private void assertNobodyCameIn() {
    assertThat(conversations).hasValue(0);
  }

  private static void assertFails(String what, String hint, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PodkitException.class,
            e -> {
              assertThat(e.what()).contains(what);
              assertThat(e.kind()).isEqualTo(ErrorKind.PEER);
              assertThat(String.valueOf(e.hint())).contains(hint);
            });
  }
}
