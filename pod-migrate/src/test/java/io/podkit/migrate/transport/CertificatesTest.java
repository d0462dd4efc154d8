package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Pki;
import io.podkit.migrate.pki.HostIdentity;
import io.podkit.migrate.pki.HostPki;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose certificate is accepted, and what those whose is not are told. */
class CertificatesTest {

  @TempDir Path directory;

  private final AtomicInteger conversations = new AtomicInteger();
  private TwoHosts hosts;

  @BeforeEach
  void issueCertificates() throws PodkitException {
    hosts = TwoHosts.in(directory);
  }

  @Test
  void serverOfAnotherAuthority() throws Exception {
    HostIdentity stranger = stranger();
    try (AgentServer server = serveWith(hosts.b)) {
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
    stranger();
    try (AgentServer server = serveWith(hosts.b)) {
      String answer = Impostor.call(trusted(), directory.resolve("stranger"), server);
      assertThat(answer).contains("certificate");
      assertNobodyCameIn();
    }
  }

  @Test
  void clientWithoutACertificate() throws Exception {
    try (AgentServer server = serveWith(hosts.b)) {
      assertThat(Impostor.call(trusted(), null, server))
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
    try (AgentServer server = serveWith(hosts.b)) {
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
    try (AgentServer server = serveWith(hosts.b);
        ControlChannel control =
            hosts
                .clientA()
                .connect(new AgentAddress("127.0.0.1", server.address().getPort(), null))) {
      assertThat(control.peer().toString()).isEqualTo("hostb");
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
    return new AgentClient(identity, TwoHosts.GREETING, TwoHosts.PATIENT);
  }

  private AgentServer serveWith(HostIdentity identity) throws PodkitException {
    return AgentServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        identity,
        TwoHosts.GREETING,
        (control, gates) -> conversations.incrementAndGet(),
        TwoHosts.PATIENT,
        ServerLimits.STANDARD);
  }

  /** A host with a certificate of an authority that nobody here knows. */
  private HostIdentity stranger() throws PodkitException {
    Pki other = Pki.open(directory.resolve("other"));
    other.init(true);
    return TwoHosts.issue(other, "stranger", directory);
  }

  private Path trusted() {
    return directory.resolve("hosta").resolve("ca.crt");
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
}
