package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Pki;
import io.podkit.migrate.pki.HostIdentity;
import io.podkit.migrate.pki.HostPki;
import io.podkit.migrate.protocol.ProtocolVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and what those who are not are told. */
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
          control.receive(Duration.ofSeconds(5));
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
      assertThatThrownBy(() -> control.receive(Duration.ofSeconds(5)))
          .isInstanceOfSatisfying(PeerLostException.class, e -> assertThat(e.orderly()).isTrue());
      assertThat(conversations).hasValue(1);
    }
  }

  @Test
  void serverOfAnotherAuthority() throws Exception {
    HostIdentity stranger = stranger(Clock.systemUTC(), Instant.now());
    try (AgentServer server = serve()) {
      assertFails(
          "was not issued by the authority this host trusts",
          "pod pki issue 127.0.0.1",
          () -> client(stranger).connect(TwoHosts.addressOf(server)));
      assertNobodyCameIn();
    }
  }

  @Test
  void clientOfAnotherAuthority() throws Exception {
    // Trusts the right authority, but shows a certificate of another one.
    HostIdentity stranger = stranger(Clock.systemUTC(), Instant.now());
    try (AgentServer server =
        AgentServer.start(
            new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            hosts.b,
            TwoHosts.GREETING,
            (control, gates) -> conversations.incrementAndGet(),
            TwoHosts.QUICK,
            ServerLimits.STANDARD)) {
      String answer = callWith(mixed(stranger), server);
      assertThat(answer).contains("certificate");
      assertNobodyCameIn();
    }
  }

  @Test
  void clientWithoutACertificate() throws Exception {
    try (AgentServer server = serve()) {
      assertThat(callWith(mixed(null), server))
          .containsAnyOf("certificate_required", "certificate");
      assertNobodyCameIn();
    }
  }

  @Test
  void serverWhoseCertificateHasExpired() throws Exception {
    Instant then = Instant.now().minus(Duration.ofDays(3 * 365));
    Pki authority = pastAuthority(then);
    HostIdentity expired = issuedThen(authority, "hostb", then);
    HostIdentity good = TwoHosts.issue(currentTwinOf(authority), "hosta", directory);
    try (AgentServer server = serveWith(expired)) {
      assertFails(
          "the certificate of 127.0.0.1 has expired",
          "pod pki issue 127.0.0.1",
          () -> client(good).connect(TwoHosts.addressOf(server)));
      assertNobodyCameIn();
    }
  }

  @Test
  void clientWhoseCertificateHasExpired() throws Exception {
    Instant then = Instant.now().minus(Duration.ofDays(3 * 365));
    Pki authority = pastAuthority(then);
    HostIdentity expired = issuedThen(authority, "hosta", then);
    HostIdentity good = TwoHosts.issue(currentTwinOf(authority), "hostb", directory);
    try (AgentServer server = serveWith(good)) {
      assertFails(
          "says that this host's certificate has expired",
          "pod pki issue hosta",
          () -> client(expired).connect(TwoHosts.addressOf(server)));
      assertNobodyCameIn();
    }
  }

  @Test
  void serverThatIsNotTheOneMeant() throws Exception {
    try (AgentServer server = serve()) {
      AgentAddress wrong = new AgentAddress("127.0.0.1", server.address().getPort(), "hostc");
      assertFails(
          "its certificate names hostb (hostb, 127.0.0.1, localhost)",
          "pod pki issue hostb --address hostc",
          () -> hosts.clientA().connect(wrong));
      assertNobodyCameIn();
    }
  }

  @Test
  void server_mayBeCalledByAnAddressInItsCertificate() throws Exception {
    try (AgentServer server = serve();
        ControlChannel control =
            hosts
                .clientA()
                .connect(new AgentAddress("127.0.0.1", server.address().getPort(), null))) {
      assertThat(control.peer().toString()).isEqualTo("hostb");
    }
  }

  @Test
  void anotherVersion_isNamedTogetherWithOurs() throws Exception {
    try (AgentServer server = serve()) {
      AgentClient newer =
          new AgentClient(hosts.a, TwoHosts.GREETING, TwoHosts.QUICK, new ProtocolVersion(9, 1));
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
              hosts.clientA().connect(new AgentAddress("127.0.0.1", silent.getLocalPort(), null)));
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
                      TwoHosts.QUICK,
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

  private static AgentClient client(HostIdentity identity) {
    return new AgentClient(identity, TwoHosts.GREETING, TwoHosts.QUICK);
  }

  private AgentServer serveWith(HostIdentity identity) throws PodkitException {
    return AgentServer.start(
        new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        identity,
        TwoHosts.GREETING,
        (control, gates) -> conversations.incrementAndGet(),
        TwoHosts.QUICK,
        ServerLimits.STANDARD);
  }

  private HostIdentity stranger(Clock clock, Instant now) throws PodkitException {
    Pki other = new HostPki(directory.resolve("other"), clock);
    other.init(true);
    other.issue("hosta", List.of(), directory.resolve("stranger"), true);
    return HostIdentity.load(directory.resolve("stranger"), now);
  }

  private Pki pastAuthority(Instant then) throws PodkitException {
    Pki authority = new HostPki(directory.resolve("past"), Clock.fixed(then, ZoneOffset.UTC));
    authority.init(false);
    return authority;
  }

  /** The same authority, issuing today. */
  private static Pki currentTwinOf(Pki authority) {
    return new HostPki(authority.directory(), Clock.systemUTC());
  }

  private HostIdentity issuedThen(Pki authority, String host, Instant then) throws PodkitException {
    Path bundle = directory.resolve("expired-" + host);
    authority.issue(host, List.of("127.0.0.1"), bundle, false);
    return HostIdentity.load(bundle, then);
  }

  /** TLS that trusts the test's authority and shows that identity's certificate, or none. */
  private SSLContext mixed(@org.jspecify.annotations.Nullable HostIdentity shown) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var in =
        java.nio.file.Files.newInputStream(directory.resolve("hosta").resolve("ca.crt"))) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        shown == null ? null : keysOf(directory.resolve("stranger")),
        trust.getTrustManagers(),
        null);
    return context;
  }

  private static javax.net.ssl.KeyManager[] keysOf(Path bundle) throws Exception {
    String pem = java.nio.file.Files.readString(bundle.resolve("host.key"));
    byte[] der = java.util.Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    try (var in = java.nio.file.Files.newInputStream(bundle.resolve("host.crt"))) {
      keys.setKeyEntry(
          "host",
          java.security.KeyFactory.getInstance("EC")
              .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(der)),
          new char[0],
          new java.security.cert.Certificate[] {
            CertificateFactory.getInstance("X.509").generateCertificate(in)
          });
    }
    javax.net.ssl.KeyManagerFactory factory = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, new char[0]);
    return factory.getKeyManagers();
  }

  /** What such a caller gets to hear instead of the server's version. */
  private static String callWith(SSLContext context, AgentServer server) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(5000);
      int first = socket.getInputStream().read();
      return "the server said " + first;
    } catch (javax.net.ssl.SSLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
